import { describe, expect, it } from 'vitest';
import { forwardedParameters } from '../../../api/oauth/forwarded-parameters.js';

const forwarded = (given: Readonly<Record<string, string>>) => forwardedParameters(new Map(Object.entries(given)));

describe('parameters kept for the provider', () => {
  it('AUT-11 are those of OpenID Connect, and any other that this server does not know', () => {
    const given = { login_hint: 'somebody', prompt: 'login', max_age: '0', ui_locales: 'mi', acr_values: 'a b', campus: 'north' };
    expect(forwarded(given)).toEqual(given);
  });

  it('AUT-11 are none of those that this server reads itself, no secrets, and no nonce', () => {
    const own = {
      response_type: 'code',
      response_mode: 'query',
      client_id: 'x',
      client_secret: 'x',
      client_assertion: 'x',
      client_assertion_type: 'x',
      redirect_uri: 'x',
      scope: 'x',
      state: 'x',
      nonce: 'x',
      code_challenge: 'x',
      code_challenge_method: 'S256',
      authorization_details: '[]',
      resource: 'x',
      issuer_state: 'x',
      dpop_jkt: 'x',
      request: 'x',
      request_uri: 'x',
    };
    expect(forwarded(own)).toEqual({});
  });

  it('AUT-11 have a plain name of at most 64 and a value of at most 512 characters', () => {
    const good = { ['n'.repeat(64)]: 'x', value: 'x'.repeat(512) };
    const bad = { ['m'.repeat(65)]: 'x', long: 'x'.repeat(513), ['__proto__']: 'x', 'a b': 'x', ünïcode: 'x', 'a\r\nb': 'x' };
    expect(forwarded({ ...bad, ...good })).toEqual(good);
  });

  it('AUT-11 are at most twenty, those of OpenID Connect first', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`unknown_${n}`, 'x']));
    const kept = forwarded({ ...many, prompt: 'login' });
    expect(Object.keys(kept)).toHaveLength(20);
    expect(kept).toMatchObject({ prompt: 'login', unknown_0: 'x', unknown_18: 'x' });
  });

  it('AUT-11 are two kilobytes together at most', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`unknown_${n}`, '☃'.repeat(300)]));
    const kept = forwarded({ ...many, login_hint: 'somebody' });
    expect(kept).toHaveProperty('login_hint');
    expect(Object.keys(kept)).toHaveLength(3);
  });
});
