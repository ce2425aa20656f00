import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTE_TYPES } from '../../scripts/engines/search-attributes.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';

describe('docs/operations.md', () => {
  it('has a command that registers every search attribute, and no other', () => {
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const command = /temporal operator search-attribute create[^]*?```/.exec(page)?.[0] ?? '';
    const registered = [...command.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => `${name}: ${type}`);
    expect(registered.sort()).toEqual(
      SEARCH_ATTRIBUTES.map(({ name, type }) => `${name}: ${SEARCH_ATTRIBUTE_TYPES[type].cli}`).sort(),
    );
  });
});
