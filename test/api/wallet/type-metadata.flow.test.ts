import { randomUUID } from 'node:crypto';
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { credentialsOf, PlainWallet } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';

const system = useSharedSystem();
let backend: IssuerBackend;
let wallet: PlainWallet;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
});

/** A credential of a new configuration: its header and payload as signed. */
async function issued(more: Readonly<Record<string, unknown>>) {
  const configurationId = await backend.configuration(more);
  const token = await wallet.token((await backend.offer([configurationId])).uri);
  const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
  const [jwt = ''] = (credentialsOf(answer)[0] ?? '').split('~');
  const payload = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  return { header: decodeProtectedHeader(jwt), payload };
}

describe('the type metadata', () => {
  it.each([
    ['a word', () => `Card-${randomUUID()}`],
    ['words', () => `Staff card ${randomUUID()}`],
    ['a name with everything that URLs escape', () => `Kārti/für? #1 100% ${randomUUID()}`],
    ['an URL of this issuer', () => `${system().url}/types/${randomUUID()}`],
  ])('SDV-09 SDV-02 of %s is at the vct of its credentials, which it names', async (_name, type) => {
    const { payload } = await issued({ type: type() });
    expect(payload.vct).toMatch(/^http/);
    const { status, headers, json } = await exchange(payload.vct as string);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json(;|$)/);
    expect(json.vct).toBe(payload.vct);
  });

  it('SDV-09 SDV-11 describes look and claims, in the members that the draft has', async () => {
    const { payload } = await issued({
      type: `Described ${randomUUID()}`,
      display: [{ name: 'Card', locale: 'en', description: 'For staff', backgroundColor: '#000000' }],
      claimMappings: {
        given_name: { mapFrom: 'claims.given_name', required: true, display: [{ name: 'Given name', locale: 'en' }] },
        level: { defaultValue: 3, selectiveDisclosure: false },
      },
    });
    const { json } = await exchange(payload.vct as string);
    expect(json).toEqual({
      vct: payload.vct,
      name: 'Card',
      description: 'For staff',
      display: [
        {
          locale: 'en',
          name: 'Card',
          description: 'For staff',
          rendering: { simple: { background_color: '#000000' } },
        },
      ],
      claims: [
        { path: ['given_name'], sd: 'always', mandatory: true, display: [{ locale: 'en', label: 'Given name' }] },
        { path: ['level'], sd: 'never', mandatory: true },
      ],
    });
    expect(payload.level).toBe(3);
    expect(payload).not.toHaveProperty('given_name');
  });

  it('SDV-10 may change: credentials do not fix it by vct#integrity', async () => {
    const { payload } = await issued({ type: `Unfixed ${randomUUID()}` });
    expect(payload).not.toHaveProperty(['vct#integrity']);
  });

  it('SDV-09 of a type that is not an URL of this issuer is left to its owner', async () => {
    const { payload } = await issued({ type: `https://other.example/${randomUUID()}` });
    expect((await exchange(`${system().url}${new URL(payload.vct as string).pathname}`)).status).toBe(404);
  });
});

describe('the JWT VC Issuer metadata', () => {
  it('SDV-05 has the issuer of credentials, and the key each names by its kid, public alone', async () => {
    const { header, payload } = await issued({ type: `Keyed ${randomUUID()}` });
    const { json } = await exchange(`${system().url}/.well-known/jwt-vc-issuer`);
    expect(Object.keys(json).sort()).toEqual(['issuer', 'jwks']);
    expect(json.issuer).toBe(payload.iss);
    const { keys } = json.jwks as JSONWebKeySet;
    expect(keys.map(({ kid }) => kid)).toContain(header.kid);
    for (const each of keys) expect(Object.keys(each).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('SDV-05 SEC-15 has other keys than those of access tokens', async () => {
    const kids = async (path: string, pick: (json: Readonly<Record<string, unknown>>) => unknown) =>
      (pick((await exchange(system().url + path)).json) as JSONWebKeySet).keys.map(({ kid }) => kid);
    const credentialKeys = await kids('/.well-known/jwt-vc-issuer', ({ jwks }) => jwks);
    const tokenKeys = await kids('/v1/oauth/jwks', (json) => json);
    expect(credentialKeys.filter((kid) => tokenKeys.includes(kid))).toEqual([]);
  });
});
