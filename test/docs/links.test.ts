import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documentedQueries } from '../operator/documented-queries.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOT_OURS = new Set(['node_modules', '.git', '.engines', '.data', '.tmp', 'coverage', 'dist']);

const pages = markdownFiles(ROOT).map((file) => ({ name: relative(ROOT, file), file, text: readFileSync(file, 'utf8') }));

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** The text without code blocks and spans, in which nothing is a link. */
function prose(text: string): string {
  return text.replace(/^(```+)[^]*?^\1$/gm, '').replace(/`[^`\n]*`/g, '');
}

/** Targets of links and pictures that lead into this repository. */
function localTargets(text: string): string[] {
  return [...prose(text).matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors of a page's headings, as GitHub makes them. */
function anchors(text: string): Set<string> {
  const seen = new Map<string, number>();
  const slugs = [...text.replace(/^(```+)[^]*?^\1$/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => {
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set(slugs);
}

function isBroken({ file, text }: { file: string; text: string }, target: string): boolean {
  const [path = '', anchor] = target.split('#', 2);
  const destination = path === '' ? file : join(dirname(file), decodeURIComponent(path));
  if (!existsSync(destination) || !destination.startsWith(ROOT)) return true;
  if (anchor === undefined || statSync(destination).isDirectory()) return anchor !== undefined;
  return !anchors(path === '' ? text : readFileSync(destination, 'utf8')).has(anchor);
}

describe('the documents', () => {
  it('are all looked at', () => {
    expect(pages.map(({ name }) => name)).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/architecture.md']));
    expect(pages.flatMap(({ text }) => localTargets(text)).length).toBeGreaterThan(10);
  });

  it.each(pages.map((page) => [page.name, page] as const))('%s links to what is there', (_name, page) => {
    expect(localTargets(page.text).filter((target) => isBroken(page, target))).toEqual([]);
  });

  it.each(pages.map(({ name, text }) => [name, text] as const))('%s is finished', (_name, text) => {
    expect(text.match(/^.*(?:TO BE COMPLETED|\bTODO\b|\bTBD\b).*$/gm) ?? []).toEqual([]);
  });

  it('name only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const named = pages.flatMap(({ text }) => [...text.matchAll(/\bnpm (?:run ([a-z][\w:-]*)|(start|test)\b)/g)]);
    const names = new Set(named.map(([, script, plain]) => script ?? plain ?? ''));
    expect([...names]).toEqual(expect.arrayContaining(['start', 'test', 'demo']));
    expect([...names].filter((name) => !(name in scripts))).toEqual([]);
  });

  it('name only files that exist', () => {
    const named = pages.flatMap(({ name, text }) =>
      [
        ...text.matchAll(
          /`((?:activities|api|config|credentials|keys|outbound|scripts|store|test|worker|workflows|docs)\/[\w./-]+)`/g,
        ),
      ].map(([, path]) => [name, path as string] as const),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter(([, path]) => ![path, `${path}.ts`].some((file) => existsSync(join(ROOT, file))))).toEqual([]);
  });

  it('have, in the README, only queries that docs/queries.md explains', () => {
    const readme = pages.find(({ name }) => name === 'README.md')?.text ?? '';
    const [, section = ''] = /^## What is stuck\? What expired\?\n(.*?)^## /ms.exec(readme) ?? [];
    const queries = [...section.matchAll(/^```\n(.+?)\n```$/gms)].map(([, query]) => query);
    const explained = documentedQueries().map(({ query }) => query);
    expect(queries.length).toBeGreaterThan(1);
    expect(explained).toEqual(expect.arrayContaining(queries));
  });
});
