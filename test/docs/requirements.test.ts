import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const STATUSES = ['implemented', 'partly', 'not yet', 'does not apply'];
const ID = /\b(?:[A-Z]{3}-\d{2}|F\.\d(?:-\d)?)(?!\d)/g;

interface Row {
  readonly id: string;
  readonly rule: string;
  readonly status: string;
  readonly how: string;
}

/** The rows of all tables whose first column is an id. */
function documentedRows(): Row[] {
  const page = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8');
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  return cells
    .filter(([id = '']) => id.replace(ID, '') === '' && id !== '')
    .map(([id = '', rule = '', status = '', how = '']) => ({ id, rule, status, how }));
}

/** Titles of tests and of the groups around them, as written in the sources; with the file each is in. */
function testTitles(): { title: string; file: string }[] {
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => titlesIn(join(ROOT, 'test', file)).map((title) => ({ title, file })));
}

function titlesIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTestFunction(node.expression)) {
      const [title] = node.arguments;
      if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
        titles.push(title.getText(source));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** `it`, `test` and `describe`, and what their `each` gives. */
function isTestFunction(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ['it', 'test', 'describe'].includes(callee.text);
  if (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) return isTestFunction(callee.expression);
  return false;
}

const rows = documentedRows();
const titles = testTitles();
const named = new Map(titles.flatMap(({ title, file }) => (title.match(ID) ?? []).map((id): [string, string] => [id, file])));

describe('docs/conformance.md', () => {
  it('is read: it has rows, and tests have titles', () => {
    expect(rows.length).toBeGreaterThan(150);
    expect(titles.length).toBeGreaterThan(300);
    expect(named.size).toBeGreaterThan(80);
  });

  it('has each id once, with a rule, one of four statuses, and a reason where it is not followed in full', () => {
    const ids = rows.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) < index)).toEqual([]);
    for (const { id, rule, status, how } of rows) {
      expect(rule, id).not.toBe('');
      expect(STATUSES, id).toContain(status);
      if (status !== 'implemented' && status !== 'not yet') expect(how, id).not.toBe('-');
    }
  });

  it('calls nothing implemented that no test names', () => {
    const promised = rows.filter(({ status }) => status === 'implemented' || status === 'partly');
    expect(promised.filter(({ id }) => !named.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('has a row for every id that a test names', () => {
    const documented = new Set(rows.map(({ id }) => id));
    expect([...named].filter(([id]) => !documented.has(id))).toEqual([]);
  });
});
