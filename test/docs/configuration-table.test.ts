import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.js';

const root = new URL('../../', import.meta.url);
const source = readFileSync(new URL('config/config.ts', root), 'utf8');
const readme = readFileSync(new URL('README.md', root), 'utf8');

/** Names the schema in config/config.ts declares. */
function declaredVariables(): string[] {
  const schema = source.slice(source.indexOf('const environment = z.object({'), source.indexOf('/** Every setting'));
  return [...schema.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map(([, name]) => name as string);
}

/** First table of the configuration section: name → default as written. */
function documentedVariables(): Map<string, string> {
  const section = readme.slice(readme.indexOf('## Configuration'));
  const [table = ''] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return new Map(
    [...table.matchAll(/^\| `([A-Z0-9_]+)` *\| *(.*?) *\| .+\|$/gm)].map(([, name, value]) => [name as string, value as string]),
  );
}

describe('the configuration table in the README', () => {
  it('has a row for each variable, in the order of the source, and no other', () => {
    expect(declaredVariables().length).toBeGreaterThan(40);
    expect([...documentedVariables().keys()]).toEqual(declaredVariables());
  });

  it('gives each default as the configuration has it', () => {
    const config: Record<string, unknown> = {
      ...loadConfig({ env: { MASTER_KEY: randomBytes(32).toString('base64url') }, hostname: 'host' }),
    };
    const written = [...documentedVariables()].flatMap(([name, value]) => {
      const [, literal] = /^`(.*)`$/.exec(value) ?? [];
      return literal === undefined ? [] : [[name, literal]];
    });
    expect(written.length).toBeGreaterThan(30);
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries(written.map(([name]) => [name, String(config[name as string])])),
    );
  });

  it('writes no default where there is none', () => {
    const config: Record<string, unknown> = {
      ...loadConfig({ env: { MASTER_KEY: randomBytes(32).toString('base64url') }, hostname: 'host' }),
    };
    const without = [...documentedVariables()].filter(([, value]) => value === '').map(([name]) => name);
    for (const name of without) expect(config[name] ?? [], name).toEqual([]);
  });
});

describe('.env.example', () => {
  it('names no variable that does not exist', () => {
    const example = readFileSync(new URL('.env.example', root), 'utf8');
    const known = new Set([...readme.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name));
    const named = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name as string);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !known.has(name) && !known.has(name.replace(/_FILE$/, '')))).toEqual([]);
  });
});
