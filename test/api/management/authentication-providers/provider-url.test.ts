import { describe, expect, it } from 'vitest';
import { providerUrlFault, storedProviderUrl } from '../../../../api/management/authentication-providers/provider-url.js';

const ALLOWED = ['idp.corp', 'localhost:9000'];

describe('the URL of an authentication provider', () => {
  it.each([
    ['https://login.mattr.global', 'https://login.mattr.global'],
    ['https://login.mattr.global/', 'https://login.mattr.global/'],
    ['https://login.mattr.global:8443', 'https://login.mattr.global'],
    ['https://login.mattr.global/tenant/v2.0', 'https://login.mattr.global/tenant/v2.0'],
    ['https://login.mattr.global/tenant/', 'https://login.mattr.global/tenant/'],
    ['https://login.mattr.global:8443/tenant#here', 'https://login.mattr.global/tenant'],
    ['https://login.mattr.global#', 'https://login.mattr.global'],
    ['https://bücher.de', 'https://xn--bcher-kva.de'],
    ['http://idp.corp:8080/a#b', 'http://idp.corp:8080/a'],
    ['http://localhost:9000', 'http://localhost:9000'],
  ])('%s is kept as %s', (value, stored) => {
    expect(providerUrlFault(value, ALLOWED)).toBeUndefined();
    expect(storedProviderUrl(value, ALLOWED)).toBe(stored);
  });

  it.each([
    ['http://login.mattr.global', 'must be an https URL'],
    ['ftp://login.mattr.global', 'must be an https URL'],
    ['https://login.mattr.global/?tenant=a', 'must not have a query or fragment'],
    ['https://login.mattr.global?', 'must not have a query or fragment'],
    ['https://a:b@login.mattr.global', 'must not hold a user name or password'],
    ['https://192.0.2.1', 'must name a host, not an IP address'],
    ['https://[2001:db8::1]:8443/', 'must name a host, not an IP address'],
    ['https://2130706433', 'must name a host, not an IP address'],
    ['https://localhost', 'must name a host on the public internet'],
    ['https://idp', 'must name a host on the public internet'],
    ['https://idp.internal', 'must name a host on the public internet'],
    ['https://login.example', 'must have a host under a public top-level domain'],
    ['https://login.example.', 'must have a host under a public top-level domain'],
    ['https://login.bank.test', 'must have a host under a public top-level domain'],
    ['https://login.invalid:1', 'must have a host under a public top-level domain'],
    ['http://localhost:9001', 'must be an https URL'],
    ['https://localhost:9001', 'must name a host on the public internet'],
    ['http://idp.corp.evil.nz', 'must be an https URL'],
    ['login.mattr.global', 'must be a valid URL'],
    ['', 'must be a valid URL'],
  ])('%s is refused: it %s', (value, fault) => {
    expect(providerUrlFault(value, ALLOWED)).toBe(fault);
  });
});
