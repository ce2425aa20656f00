import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { exchange, postForm } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { credentialsOf, newHolderKey, PlainWallet } from '../../flows/plain-wallet.js';
import { dpopProof, newKeyPair } from '../../flows/signed-jwt.js';
import { useOwnProcesses } from '../../harness/use-system.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
/** With characters that mean something in patterns of paths. */
const PATH = '/tenants/a:b(1)*';
const ISSUER = `https://issuer.example:8443${PATH}`;

const system = useOwnProcesses({ env: { PUBLIC_URL: ISSUER } });
/** Proxies may pass the path of the issuer's identifier on, or cut it off. */
const proxies = [
  ['passes the path on', PATH],
  ['cuts the path off', ''],
] as const;

let backend: IssuerBackend;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login({ url: ISSUER, admin: system().admin }, { at: system().api.url });
  configurationId = await backend.configuration({ type: 'Staff card' });
});

const at = (path: string) => exchange(system().api.url + path);

describe('an issuer whose identifier has a path', () => {
  it.each([
    ['openid-credential-issuer', 'credential_issuer'],
    ['oauth-authorization-server', 'issuer'],
    ['openid-configuration', 'issuer'],
    ['jwt-vc-issuer', 'issuer'],
  ])('MET-02 ASM-01 HAP-08 SDV-05 has its %s inserted before the path, and appended to it', async (name, member) => {
    const inserted = await at(`/.well-known/${name}${PATH}`);
    expect(inserted.status).toBe(200);
    expect(inserted.json[member]).toBe(ISSUER);
    expect((await at(`${PATH}/.well-known/${name}`)).text).toBe(inserted.text);
    expect((await at(`/.well-known/${name}/tenants/other`)).status).toBe(404);
  });

  it('MET-05 MET-07 hands out URLs of its configured place alone, whatever the Host header', async () => {
    const urls = [];
    for (const name of ['openid-credential-issuer', 'oauth-authorization-server']) {
      const { json } = await exchange(`${system().api.url}/.well-known/${name}${PATH}`, {
        headers: { host: 'attacker.example' },
      });
      urls.push(...Object.entries(json).filter(([key]) => /_endpoint$|_uri$/.test(key)));
    }
    expect(urls.map(([key]) => key).sort()).toEqual([
      'authorization_endpoint',
      'credential_endpoint',
      'deferred_credential_endpoint',
      'jwks_uri',
      'nonce_endpoint',
      'notification_endpoint',
      'pushed_authorization_request_endpoint',
      'status_list_aggregation_endpoint',
      'token_endpoint',
    ]);
    for (const [, url] of urls) expect(url).toMatch(/^https:\/\/issuer\.example:8443\/tenants\/a:b\(1\)\*\/v[12]\//);
  });

  it.each(proxies)('OFR-02 SDV-09 issues behind a proxy that %s', async (_name, prefix) => {
    const { uri } = await backend.offer([configurationId], { credentialOfferMode: 'reference' });
    const reference = new URL(uri).searchParams.get('credential_offer_uri') ?? '';
    expect(reference.startsWith(`${ISSUER}/v1/openid/offers/`)).toBe(true);
    const fetched = await at(prefix + reference.slice(ISSUER.length));
    expect(fetched.json.credential_issuer).toBe(ISSUER);

    const wallet = new PlainWallet(ISSUER, { at: system().api.url + prefix });
    const token = await wallet.token(`openid-credential-offer://?credential_offer=${encodeURIComponent(fetched.text)}`);
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId, [newHolderKey()]));
    const [credential = ''] = credentialsOf(answer);
    const payload = JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      vct: string;
      iss: string;
    };
    expect(payload.iss).toBe(ISSUER);
    expect(payload.vct).toBe(`${ISSUER}/vct/Staff%20card`);
    const type = await at(prefix + payload.vct.slice(ISSUER.length));
    expect(type.json.vct).toBe(payload.vct);
    expect((await wallet.notify(token, answer.json.notification_id as string)).status).toBe(204);
  });

  it.each(proxies)('MET-19 is open to web wallets behind a proxy that %s', async (_name, prefix) => {
    const url = `${system().api.url}${prefix}/v1/openid/nonce`;
    const preflight = await exchange(url, {
      method: 'OPTIONS',
      headers: { origin: 'https://wallet.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    const answer = await exchange(url, { method: 'POST', headers: { origin: 'https://wallet.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each(proxies)('SEC-13 expects the public URL in a DPoP proof behind a proxy that %s', async (_name, prefix) => {
    const key = newKeyPair();
    const local = `${system().api.url}${prefix}/v1/oauth/token`;
    const redeem = async (htu: string) => {
      const { uri } = await backend.offer([configurationId]);
      const code = new PlainWallet(ISSUER).codeOf(uri);
      return postForm(local, { grant_type: GRANT, 'pre-authorized_code': code }, { dpop: dpopProof({ url: htu, key }) });
    };
    expect((await redeem(`${ISSUER}/v1/oauth/token`)).json.token_type).toBe('DPoP');
    expect((await redeem(local)).json.error).toBe('invalid_dpop_proof');
  });

  it.each(proxies)('has the document of its did:web below its path behind a proxy that %s', async (_name, prefix) => {
    const { status, json } = await at(`${prefix}/did.json`);
    expect([status, json.id]).toEqual([200, 'did:web:issuer.example%3A8443:tenants:a%3Ab%281%29%2A']);
    expect((await at('/.well-known/did.json')).status).toBe(404);
  });

  it('links its web origin, which has no path, with its DIDs', async () => {
    const { json } = await at('/.well-known/did-configuration.json');
    const [linkage = ''] = json.linked_dids as string[];
    const payload = JSON.parse(Buffer.from(linkage.split('.')[1] ?? '', 'base64url').toString('utf8')) as { vc: unknown };
    expect(payload.vc).toMatchObject({ credentialSubject: { origin: 'https://issuer.example:8443' } });
  });

  it('keeps probes and metrics out of its public path', async () => {
    for (const path of ['/metrics', '/healthz', '/readyz']) expect((await at(PATH + path)).status, path).toBe(404);
  });

  it('MET-09 is shown in the languages and with the logo of its record', async () => {
    const display = [
      { name: 'Issuer', locale: 'en', logo: { uri: 'https://issuer.example/logo.png', altText: 'A fern' } },
      { name: 'Kaituku', locale: 'mi' },
    ];
    await system().db.issuers.updateOne({ _id: DEFAULT_ISSUER_ID }, { $set: { display, revision: 1000 } });
    const shown = async () => (await at(`/.well-known/openid-credential-issuer${PATH}`)).json.display;
    await expect.poll(shown, { timeout: 10_000 }).toEqual([
      { name: 'Issuer', locale: 'en', logo: { uri: 'https://issuer.example/logo.png', alt_text: 'A fern' } },
      { name: 'Kaituku', locale: 'mi' },
    ]);
  });
});
