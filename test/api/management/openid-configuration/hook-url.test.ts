import { describe, expect, it } from 'vitest';
import { hookUrlFault, storedHookUrl } from '../../../../api/management/openid-configuration/hook-url.js';

const ALLOWED = ['localhost:9000'];

describe('the URL of an interaction hook', () => {
  it.each([
    ['https://hook.example', 'https://hook.example'],
    ['https://hook.example/', 'https://hook.example/'],
    ['https://hook.example:8443/step', 'https://hook.example:8443/step'],
    ['https://bücher.example/é', 'https://xn--bcher-kva.example/%C3%A9'],
    ['http://localhost:9000/step', 'http://localhost:9000/step'],
    ['com.example.app:/hook', 'com.example.app:/hook'],
    ['chancery-hook://step', 'chancery-hook://step'],
  ])('%s is kept as %s', (value, stored) => {
    expect(hookUrlFault(value, ALLOWED)).toBeUndefined();
    expect(storedHookUrl(value)).toBe(stored);
  });

  const noApp = 'must be an https URL, or have the scheme of a native app';
  it.each([
    ['http://hook.example', 'must be an https URL'],
    ['http://localhost:9001', 'must be an https URL'],
    ['https://192.0.2.1/step', 'must name a host, not an IP address'],
    ['https://localhost/step', 'must name a host on the public internet'],
    ['https://hook.example/step?a=b', 'must not have a query or fragment'],
    ['https://hook.example/step#a', 'must not have a query or fragment'],
    ['com.example.app:/hook?a=b', 'must not have a query or fragment'],
    ['com.example.app:/hook#', 'must not have a query or fragment'],
    ['com.example.app:/a hook', 'must not have a query or fragment'],
    ['com.example.app:hook', 'must have a path after the scheme, as in com.example.app:/hook'],
    ['javascript:alert(1)', noApp],
    ['JavaScript://hook.example/%0aalert(1)', noApp],
    ['\tjava\nscript:/alert(1)', noApp],
    ['data:text/html,a', noApp],
    ['file:///etc/passwd', noApp],
    ['blob:https://hook.example/a', noApp],
    ['intent://hook', noApp],
    ['mailto:/a@hook.example', noApp],
    ['hook', 'must be a valid URL'],
    ['', 'must be a valid URL'],
  ])('%s is refused: it %s', (value, fault) => {
    expect(hookUrlFault(value, ALLOWED)).toBe(fault);
  });
});
