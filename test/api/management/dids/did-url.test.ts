import { describe, expect, it } from 'vitest';
import { didWebOfRequest } from '../../../../api/management/dids/did-url.js';

const PUBLIC_URL = 'http://localhost:3000';

describe('the URL of a did:web', () => {
  it.each([
    ['https://example.com', 'did:web:example.com'],
    ['example.com', 'did:web:example.com'],
    ['example.com:8443/a/b/', 'did:web:example.com%3A8443:a:b'],
    ['HTTPS://Example.COM/a', 'did:web:example.com:a'],
    ['https://bücher.example', 'did:web:xn--bcher-kva.example'],
    ['http://localhost:3000/departments/tax', 'did:web:localhost%3A3000:departments:tax'],
    ['https://localhost/a', 'did:web:localhost:a'],
  ])('%s is %s', (url, did) => {
    expect(didWebOfRequest(url, PUBLIC_URL)).toEqual({ did });
  });

  it.each([
    ['', 'must be a URL'],
    ['https://', 'must be a URL'],
    ['not a url', 'must be a URL'],
    ['http://example.com', 'must be an https URL'],
    ['ftp://example.com', 'must be an https URL'],
    ['http://localhost:3001', 'must be an https URL'],
    ['https://192.0.2.1', 'must have a domain name'],
    ['https://[2001:db8::1]/a', 'must have a domain name'],
    ['https://example.com/?', 'must have no query'],
    ['https://example.com/a?b=c', 'must have no query'],
    ['https://example.com/a#b', 'must have no query'],
    ['https://user:secret@example.com', 'must have no query, fragment or credentials'],
    ['https://example.com/%E0%A4%A', 'must be percent-encoded'],
    [`https://example.com/${'a'.repeat(500)}`, 'must be at most 512'],
    ['did:web:example.com', 'must be'],
  ])('%s is refused: %s', (url, fault) => {
    const answer = didWebOfRequest(url, PUBLIC_URL) as { fault: string };
    expect(answer.fault).toContain(fault);
    expect(answer.fault).not.toContain('secret');
  });

  it('may have an address for its host where the issuer itself has it', () => {
    expect(didWebOfRequest('http://127.0.0.1:80/a', 'http://127.0.0.1')).toEqual({ did: 'did:web:127.0.0.1:a' });
  });
});
