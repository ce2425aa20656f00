import { describe, expect, it } from 'vitest';
import { CanarySearch } from './canary-search.js';

describe('the search for values that must be nowhere', () => {
  const search = new CanarySearch();
  const seeded = search.seed('surname');
  const inJson = (padding: string) => JSON.stringify({ [padding]: seeded, more: 'text' });
  const base64 = (padding: string) => Buffer.from(inJson(padding)).toString('base64');

  it.each([
    ['in clear', inJson('a')],
    ['in hexadecimal digits', Buffer.from(inJson('a')).toString('hex')],
    ['in capital hexadecimal digits', Buffer.from(inJson('a')).toString('hex').toUpperCase()],
    ['in UTF-16', Buffer.from(inJson('a'), 'utf16le')],
    ['in UTF-16 of the other byte order', Buffer.from(inJson('a'), 'utf16le').swap16()],
    ['in base64', base64('a')],
    ['in base64 one byte later', base64('aa')],
    ['in base64 two bytes later', base64('aaa')],
    ['in base64url', Buffer.from(inJson('a')).toString('base64url')],
    ['among other bytes', Buffer.concat([Buffer.alloc(5000, 0xff), Buffer.from(inJson('a')), Buffer.alloc(5000)])],
  ])('finds them %s', (_name, place) => {
    expect(search.sightings(place).map(({ value }) => value)).toContain('seeded value');
  });

  it('finds values that were added, and nothing where there is nothing', () => {
    search.add('token', 'eyJhbGciOiJFUzI1NiJ9.payload.signature');
    expect(search.sightings('authorization: Bearer eyJhbGciOiJFUzI1NiJ9.payload.signature')).toMatchObject([{ value: 'token' }]);
    expect(search.sightings('nothing to see')).toEqual([]);
  });
});
