import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { didWebOf } from '../../../keys/did-web.js';
import { exchange, postForm, postJson } from '../../flows/http-exchange.js';
import { answering, startClaimsSource } from '../../flows/claims-source-server.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { newKeyPair } from '../../flows/signed-jwt.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { DOCUMENT_SIGNER_EXTENSIONS, OpensslAuthority } from '../../keys/openssl-authority.js';
import { startDiscoveryServer } from '../management/authentication-providers/discovery-server.js';
import { ManagementClient, newClient, send } from '../management/management-client.js';
import { newProvider } from '../management/users/authentication-provider.js';
import { OpenApiDescription } from './openapi-description.js';

const CONFIGURATIONS = '/v2/credentials/sd-jwt/configurations';
const SOURCES = '/v1/claim-sources';
const PROVIDERS = '/v1/users/authentication-providers';
const OPENID = '/v1/openid/configuration';
const OFFERS = '/v1/openid/offers/pre-authorized';
const USERS = '/v1/users';
const CLIENTS = '/v1/oauth/clients';
const REUSABLE = '/v1/openid/offers';
const DIDS = '/v1/dids';
const KEYS = '/v1/keys';
const NO_OFFER = 'AAAAAAAAAAAAAAAAAAAAAA';
const BADGE_CONTEXT = 'https://issuer.example/contexts/verifiable-badge';
const SOURCE = {
  name: 'Register',
  url: 'https://claims.example',
  requestParameters: { email: { mapFrom: 'claims.email', defaultValue: { a: [1] } } },
  authorization: {
    type: 'oauth-client-credentials',
    tokenEndpoint: 'https://login.example/token',
    clientId: 'chancery',
    clientSecret: 'a-secret-of-some-length',
    scope: 'claims',
  },
};
const configuration = () => ({
  type: `urn:test:${randomUUID()}`,
  claimMappings: { name: { mapFrom: 'claims.name', display: [{ name: 'Name', locale: 'en' }] }, level: { defaultValue: [1] } },
  expiresIn: { months: 1 },
  branding: { name: 'Badge', backgroundColor: '#000000' },
  display: [{ name: 'Badge', locale: 'en', logo: { uri: 'https://a.example/l.png' } }],
});

// What is slow to answer becomes deferred at once.
const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost', CREDENTIAL_DEADLINE_MS: '4000' } });
let api: ManagementClient;
let auditor: ManagementClient;
let description: OpenApiDescription;
const seen = new Set<string>();

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  auditor = await ManagementClient.withRoles(system(), 'auditor');
  description = new OpenApiDescription((await exchange(`${system().url}/openapi.json`)).json);
});

/** Holds an answer against the document. */
function check(method: string, path: string, answer: Answer): Answer {
  expect(
    description.faultsOfAnswer(method, path, answer),
    `${method} ${path} ${answer.status}: ${answer.text.slice(0, 300)}`,
  ).toEqual([]);
  seen.add(`${method} ${path} ${answer.status}`);
  return answer;
}

/** Calls an operation of the management API; holds the answer against the document, and the request too where it was taken. */
async function call(method: string, path: string, body?: unknown, client = api): Promise<Answer> {
  const answer = check(method, path, await client.call(method, path, body === undefined ? {} : { body }));
  if (answer.status < 300 && body !== undefined) expect(description.faultsOfRequest(method, path, body)).toEqual([]);
  return answer;
}

describe('answers of the management API are as the OpenAPI document says', () => {
  it('for credential configurations', async () => {
    const { json } = await call('POST', CONFIGURATIONS, configuration());
    const one = `${CONFIGURATIONS}/${json.id as string}`;
    await call('POST', CONFIGURATIONS, { type: `urn:test:${randomUUID()}`, claimMappings: {} });
    await call('POST', CONFIGURATIONS, { type: 1 });
    await call('GET', `${CONFIGURATIONS}?limit=1`);
    await call('GET', `${CONFIGURATIONS}?limit=0`);
    await call('GET', one);
    await call('PUT', one, { ...configuration(), id: json.id });
    await call('PUT', one, {});
    await call('DELETE', one);
    for (const method of ['GET', 'DELETE']) await call(method, one);
    await call('PUT', one, configuration());
  });

  it('for configurations of W3C credentials, and their contexts', async () => {
    const [jwt, ldp] = ['/v2/credentials/jwt/configurations', '/v2/credentials/web-semantic/configurations'];
    const contexts = '/v2/credentials/web-semantic/contexts';
    const url = `https://issuer.example/${randomUUID()}`;
    const content = { '@context': { Badge: 'https://issuer.example/Badge', level: 'https://issuer.example/level' } };
    const context = await call('POST', contexts, { url, content });
    await call('POST', contexts, { url: 'https://www.w3.org/ns/credentials/v2', content });
    expect((await call('POST', contexts, { url, content })).status).toBe(409);
    await call('GET', `${contexts}?limit=1`);
    await call('GET', `${contexts}?limit=0`);
    const one = `${contexts}/${context.json.id as string}`;
    await call('GET', one);
    const claimMappings = { level: { mapFrom: 'claims.level' } };
    const bodies = [
      [jwt, { type: randomUUID(), claimMappings, includeStatus: true }],
      [ldp, { type: 'Badge', claimMappings, name: 'Badge', issuer: { name: 'Issuer' }, contexts: [url], revocable: true }],
    ] as const;
    for (const [path, body] of bodies) {
      const { json } = await call('POST', path, body);
      const configuration = `${path}/${json.id as string}`;
      await call('POST', path, { type: 1 });
      await call('GET', `${path}?limit=1`);
      await call('GET', `${path}?limit=0`);
      await call('GET', configuration);
      await call('PUT', configuration, json);
      await call('PUT', configuration, {});
      if (path === ldp) expect((await call('DELETE', one)).status).toBe(400);
      await call('DELETE', configuration);
      for (const method of ['GET', 'DELETE']) await call(method, configuration);
      await call('PUT', configuration, body);
    }
    await call('DELETE', one);
    for (const method of ['GET', 'DELETE']) await call(method, one);
  });

  it.each(['compact', 'compact-semantic'])('for %s configurations and credentials', async (profile) => {
    const path = `/v2/credentials/${profile}/configurations`;
    const members = () => ({ type: `urn:test:${randomUUID()}`, claimMappings: { name: { mapFrom: 'claims.name' } } });
    const { json } = await call('POST', path, { ...members(), expiresIn: { days: 1 }, display: [{ name: 'Permit' }] });
    const one = `${path}/${json.id as string}`;
    await call('POST', path, { ...members(), issuerDid: 'did:web:elsewhere.example' });
    await call('GET', `${path}?limit=1`);
    await call('GET', `${path}?limit=0`);
    await call('GET', one);
    await call('PUT', one, { ...members(), revocable: false, holderBinding: true });
    await call('PUT', one, {});
    await call('DELETE', one);
    for (const method of ['GET', 'DELETE']) await call(method, one);
    await call('PUT', one, members());

    const own = { name: 'Hana Ruru', level: [1, { deep: true }] };
    const claims = profile === 'compact' ? { type: 'Permit', ...own } : { vc: { type: ['Permit'], credentialSubject: own } };
    const [sign, draw] = [`/v2/credentials/${profile}/sign`, `/v2/credentials/${profile}/qrcode`];
    const iss = didWebOf(system().url);
    const signed = await call('POST', sign, { payload: { iss, exp: 4_102_444_800, ...claims }, revocable: false });
    expect(signed.status).toBe(200);
    await call('POST', sign, { payload: { iss: 'did:web:elsewhere.example', ...claims } });
    expect((await call('POST', draw, { payload: signed.json.encoded, width: 400 })).status).toBe(200);
    await call('POST', draw, { payload: 'x' });
  });

  it('for claims sources', async () => {
    const { json } = await call('POST', SOURCES, SOURCE);
    const one = `${SOURCES}/${json.id as string}`;
    await call('POST', SOURCES, {
      ...SOURCE,
      authorization: { type: 'api-key', value: 'x' },
      requestMethod: 'POST',
      onFailure: 'continue',
    });
    await call('POST', SOURCES, { ...SOURCE, url: 'http://a', authorization: { type: 'none' } });
    await call('GET', `${SOURCES}?limit=1`);
    await call('GET', `${SOURCES}?cursor=x`);
    await call('GET', one);
    await call('PUT', one, SOURCE);
    await call('PUT', one, {});
    const user = await api.create(CONFIGURATIONS, { ...configuration(), claimSourceId: json.id });
    expect((await call('DELETE', one)).status).toBe(409);
    await api.delete(`${CONFIGURATIONS}/${user.id}`);
    await call('DELETE', one);
    for (const method of ['GET', 'DELETE']) await call(method, one);
    await call('PUT', one, SOURCE);
  });

  it('for authentication providers', async () => {
    const others = await startDiscoveryServer();
    try {
      const provider = { url: others.provider(), clientId: 'chancery', clientSecret: 'a-secret-of-some-length' };
      const { json } = await call('POST', PROVIDERS, { ...provider, staticRequestParameters: { prompt: 'login', max_age: [0] } });
      const one = `${PROVIDERS}/${json.id as string}`;
      const { clientSecret: _none, ...withoutSecret } = provider;
      await call('POST', PROVIDERS, { ...withoutSecret, tokenEndpointAuthMethod: 'none', isDefault: true });
      await call('POST', PROVIDERS, { ...provider, url: `${others.url}/nobody` });
      await call('GET', `${PROVIDERS}?limit=1`);
      await call('GET', `${PROVIDERS}?cursor=x`);
      await call('GET', one);
      await call('PUT', one, json);
      await call('PUT', one, {});
      const offer = { issuerId: 'default', configurationIds: [], correlationId: 'a', createdAt: new Date() };
      await system().db.offers.insertOne({ ...offer, _id: 'a', authenticationProviderId: json.id as string, state: 'active' });
      expect((await call('DELETE', one)).status).toBe(409);
      await system().db.offers.deleteOne({ _id: 'a' });
      await call('DELETE', one);
      for (const method of ['GET', 'DELETE']) await call(method, one);
      await call('PUT', one, provider);
    } finally {
      await others.stop();
    }
  });

  it('for the OpenID configuration', async () => {
    await call('GET', OPENID);
    const interactionHook = { url: 'https://hook.example/step', claims: ['email'], sessionTimeoutInSec: 60 };
    await call('PUT', OPENID, { interactionHook });
    const rotated = await call('PUT', OPENID, { interactionHook: { ...interactionHook, rotateSecret: true } });
    await call('PUT', OPENID, rotated.json);
    await call('GET', OPENID);
    await call('PUT', OPENID, { interactionHook: {}, authorization: { consent: 'sometimes' } });
    await call('PUT', OPENID, {});
  });

  it('for offers', async () => {
    const { id } = await api.create(CONFIGURATIONS, configuration());
    const { json } = await call('POST', OFFERS, { credentials: [id] });
    const one = `${OFFERS}/${json.id as string}`;
    await call('POST', OFFERS, {
      credentials: [id],
      claims: { name: 'Ngaio' },
      claimsToPersist: ['name'],
      transactionCodeConfiguration: { inputMode: 'text', length: 8, description: 'By post' },
      expiresIn: { minutes: 1, seconds: 1 },
      credentialOfferMode: 'reference',
      credentialOfferEndpoint: 'haip-vci://',
      qrCode: 'svg',
    });
    await call('POST', OFFERS, { credentials: [] });
    const key = { 'idempotency-key': randomUUID() };
    for (const body of [{ credentials: [id] }, { credentials: [id], claims: {} }])
      check('POST', OFFERS, await api.post(OFFERS, body, key));
    await call('GET', one);
    await call('DELETE', one);
    await call('DELETE', one);
    await expect.poll(async () => (await api.get(one)).json.outcome).toBe('withdrawn');
    await call('GET', one);
    await call('GET', `${OFFERS}/none`);
    await call('GET', `${OFFERS}?limit=1`);
    await call('GET', `${OFFERS}?open=maybe`);
  });

  it('for users', async () => {
    const { _id: providerId } = await newProvider(system());
    const identity = () => ({ providerId, subjectId: randomUUID() });
    const taken = { authenticationProvider: identity() };
    await call('POST', USERS, { claims: { name: 'Ngaio' }, ...taken });
    const { json } = await call('POST', USERS, {});
    const one = `${USERS}/${json.id as string}`;
    expect((await call('POST', USERS, taken)).status).toBe(409);
    await call('POST', USERS, { claims: 1 });
    await call('GET', `${USERS}?limit=1`);
    await call('GET', `${USERS}?limit=0`);
    await call('POST', `${USERS}/search`, { claims: { name: 'Ngaio' }, authenticationProvider: { providerId }, limit: 1 });
    await call('POST', `${USERS}/search`, { limit: 0 });
    await call('GET', one);
    await call('PUT', one, { claims: { level: [1] }, authenticationProvider: identity() });
    expect((await call('PUT', one, taken)).status).toBe(409);
    await call('PUT', one, { claims: 1 });
    const { userId, id } = await issue(json.id as string);
    expect((await call('GET', `${USERS}/${userId}/credentials`)).json.data).toHaveLength(1);
    await call('GET', `${USERS}/${userId}/credentials?limit=0`);
    await call('GET', `${USERS}/${randomUUID()}/credentials`);
    await api.delete(`${CONFIGURATIONS}/${id}`);
    await call('GET', `${USERS}/${userId}/credentials`);
    await call('DELETE', one);
    await call('GET', one);
    await call('DELETE', one);
    await call('PUT', one, {});
    await call('GET', `${USERS}/${randomUUID()}`);
  });

  /** Issues a credential to a user. */
  const issue = async (userId: string) => {
    const backend = await IssuerBackend.login(system());
    const wallet = new PlainWallet(system().url);
    const id = await backend.configuration();
    const token = await wallet.token((await backend.offer([id], { userId })).uri);
    expect((await wallet.requestCredential(token, await wallet.credentialRequest(id))).status).toBe(200);
    return { userId, id };
  };

  it('for registered wallets', async () => {
    const redirectUris = ['https://wallet.example/callback'];
    const keys = [
      { ...newKeyPair('ES256').publicJwk, kid: 'a' },
      { ...newKeyPair('EdDSA').publicJwk, kid: 'b' },
    ];
    const { json } = await call('POST', CLIENTS, { name: 'a', redirectUris, tokenEndpointAuthMethod: 'client_secret_basic' });
    const one = `${CLIENTS}/${json.id as string}`;
    await call('POST', CLIENTS, {
      clientId: randomUUID(),
      name: 'b',
      redirectUris,
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys },
      grantTypes: ['authorization_code', 'urn:ietf:params:oauth:grant-type:pre-authorized_code'],
    });
    expect((await call('POST', CLIENTS, { clientId: json.clientId, name: 'a', redirectUris })).status).toBe(409);
    await call('POST', CLIENTS, { name: '', redirectUris: ['http://a.example'] });
    await call('GET', `${CLIENTS}?limit=1000`);
    await call('GET', `${CLIENTS}?cursor=x`);
    await call('GET', one);
    const { clientSecret: _secret, ...read } = json;
    await call('PUT', one, { ...read, rotateSecret: true });
    await call('PUT', one, {});
    await call('DELETE', one);
    for (const method of ['GET', 'DELETE']) await call(method, one);
    await call('PUT', one, read);
  });

  it('for reusable offers', async () => {
    const { id } = await api.create(CONFIGURATIONS, configuration());
    const { json } = await call('POST', REUSABLE, { credentials: [id] });
    const one = `${REUSABLE}/${json.id as string}`;
    await call('POST', REUSABLE, {
      credentials: [id],
      request_parameters: { prompt: 'login' },
      expiresIn: { days: 1, hours: 1, minutes: 1, seconds: 1 },
      maximumClaims: 10,
      credentialOfferMode: 'reference',
      credentialOfferEndpoint: 'haip-vci://',
      qrCode: 'png',
    });
    await call('POST', REUSABLE, { credentials: [id], expiresAt: '2030-01-01T00:00:00Z' });
    await call('POST', REUSABLE, { credentials: [id], request_parameters: { state: 'x' } });
    const key = { 'idempotency-key': randomUUID() };
    for (const body of [{ credentials: [id] }, { credentials: [id], maximumClaims: 1 }])
      check('POST', REUSABLE, await api.post(REUSABLE, body, key));
    await call('GET', one);
    for (const action of ['pause', 'resume']) expect((await call('POST', `${one}/${action}`)).status).toBe(200);
    expect((await call('DELETE', one)).status).toBe(204);
    expect((await call('DELETE', one)).status).toBe(404);
    for (const action of ['pause', 'resume']) {
      expect((await call('POST', `${one}/${action}`)).status).toBe(409);
      expect((await call('POST', `${REUSABLE}/${NO_OFFER}/${action}`)).status).toBe(404);
    }
    await call('GET', `${REUSABLE}/${NO_OFFER}`);
    await call('GET', `${REUSABLE}?limit=1&state=revoked`);
    await call('GET', `${REUSABLE}?state=open`);
  });

  it('for IACAs and their signers', async () => {
    const [iacas, documentSigners] = ['/v2/credentials/mobile/iacas', '/v2/credentials/mobile/document-signers'];
    const { json } = await call('POST', iacas, { commonName: 'Described IACA', country: 'NZ', stateOrProvinceName: 'NZ-AUK' });
    const one = `${iacas}/${json.id as string}`;
    await call('POST', iacas, { country: 'nz' });
    await call('POST', iacas, { certificatePem: 'none' });
    await call('GET', `${iacas}?limit=1`);
    await call('GET', `${iacas}?limit=0`);
    await call('GET', one);
    expect((await call('PUT', one, { active: true })).status).toBe(200);
    await call('PUT', one, { active: 'yes' });
    expect((await call('DELETE', one)).status).toBe(409);
    for (const signers of [documentSigners, '/v2/credentials/mobile/status-list-signers']) {
      const { data } = (await call('GET', `${signers}?limit=1`)).json as { data: { id: string }[] };
      const signer = `${signers}/${data[0]!.id}`;
      await call('GET', `${signers}?limit=0`);
      await call('GET', signer);
      await call('POST', signers, { iacaId: json.id });
      await call('POST', signers, { iacaId: 1 });
      await call('PUT', signer, { active: true });
      await call('DELETE', signer);
      const none = `${signers}/${randomUUID()}`;
      for (const method of ['GET', 'DELETE']) expect((await call(method, none)).status).toBe(404);
      expect((await call('POST', `${none}/revoke`)).status).toBe(404);
      await call('PUT', none, { active: true, certificatePem: 'none' });
      expect((await call('POST', `${signer}/revoke`)).status).toBe(204);
    }
    const root = new OpensslAuthority({ subject: '/C=NZ/CN=Outside IACA' });
    const outside = await call('POST', iacas, { certificatePem: root.certificatePem });
    for (const signers of [documentSigners, '/v2/credentials/mobile/status-list-signers']) {
      const asked = await call('POST', signers, { iacaId: outside.json.id });
      const extensions = DOCUMENT_SIGNER_EXTENSIONS.filter(
        (one) => signers === documentSigners || !one.startsWith('extendedKeyUsage'),
      );
      const certificatePem = root.sign(asked.json.csrPem as string, { extensions });
      expect((await call('PUT', `${signers}/${asked.json.id as string}`, { active: true, certificatePem })).status).toBe(200);
      expect((await call('DELETE', `${signers}/${asked.json.id as string}`)).status).toBe(204);
    }
    root.remove();
    await call('PUT', one, { active: false });
    expect((await call('DELETE', one)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) await call(method, one);
    await call('PUT', one, { active: true });
  });

  it('for mobile configurations, the credentials, and their status lists', async () => {
    const [path, lists] = ['/v2/credentials/mobile/configurations', '/v2/credentials/mobile/status-lists'];
    const iaca = await api.create('/v2/credentials/mobile/iacas', { commonName: 'Described IACA' });
    await api.put(`/v2/credentials/mobile/iacas/${iaca.id}`, { active: true });
    const claimMappings = { 'org.example': { name: { mapFrom: 'claims.given_name', type: 'string', required: true } } };
    const members = { type: 'org.example.described.1', claimMappings, expiresIn: { months: 1 }, includeStatus: true };
    const { json } = await call('POST', path, members);
    const one = `${path}/${json.id as string}`;
    await call('POST', path, { ...members, expiresIn: undefined });
    await call('GET', `${path}?limit=1`);
    await call('GET', `${path}?limit=0`);
    await call('GET', one);
    await call('PUT', one, json);
    await call('PUT', one, {});

    const kept = await call('POST', `${lists}/configurations`, {
      docType: members.type,
      timeToLiveDuration: { hours: 12 },
      expiryDuration: { days: 3 },
    });
    const keptOne = `${lists}/configurations/${kept.json.id as string}`;
    await call('POST', `${lists}/configurations`, {});
    await call('GET', `${lists}/configurations?limit=1`);
    await call('GET', `${lists}/configurations?limit=0`);
    await call('GET', keptOne);
    await call('PUT', keptOne, { timeToLiveDuration: { hours: 6 }, expiryDuration: { days: 2 } });
    await call('PUT', keptOne, { docType: 1 });

    const backend = await IssuerBackend.login(system());
    const wallet = new PlainWallet(system().url);
    const offer = await backend.offer([json.id as string]);
    const token = await wallet.token(offer.uri);
    expect((await wallet.requestCredential(token, await wallet.credentialRequest(json.id as string))).status).toBe(200);
    const { data } = (await call('GET', `${USERS}/${offer.userId}/credentials`)).json as { data: { id: string }[] };
    const credential = `/v2/credentials/mobile/${data[0]!.id}`;
    await call('GET', `${credential}/status`);
    await call('POST', `${credential}/status`, { status: 'gone' });
    expect((await call('POST', `${credential}/status`, { status: 'invalid' })).status).toBe(201);
    const { data: made } = (await call('GET', `${lists}?limit=1`)).json as { data: { id: string }[] };
    await call('GET', `${lists}?limit=0`);
    await call('GET', `${lists}/${made[0]!.id}`);
    await call('GET', `${lists}/${randomUUID()}`);
    expect((await call('DELETE', keptOne)).status).toBe(400);
    expect((await call('DELETE', credential)).status).toBe(204);
    await call('DELETE', credential);
    await call('GET', `${credential}/status`);
    await call('POST', `${credential}/status`, { status: 'invalid' });
    await call('DELETE', one);
    for (const method of ['GET', 'DELETE']) await call(method, one);
    await call('PUT', one, members);
    const unused = await api.create(`${lists}/configurations`, { docType: 'org.example.unused' });
    expect((await call('DELETE', `${lists}/configurations/${unused.id}`)).status).toBe(204);
    await call('DELETE', `${lists}/configurations/${randomUUID()}`);
    await call('GET', `${lists}/configurations/${randomUUID()}`);
    await call('PUT', `${lists}/configurations/${randomUUID()}`, {
      timeToLiveDuration: { hours: 6 },
      expiryDuration: { days: 2 },
    });
  });

  it.each(['sd-jwt', 'jwt'])('for the status of %s credentials', async (profile) => {
    const path = `/v2/credentials/${profile}/configurations`;
    const { id } = await api.create(path, { ...configuration(), branding: undefined, includeStatus: true });
    const backend = await IssuerBackend.login(system());
    const wallet = new PlainWallet(system().url);
    const offer = await backend.offer([id]);
    const token = await wallet.token(offer.uri);
    expect((await wallet.requestCredential(token, await wallet.credentialRequest(id))).status).toBe(200);
    const { json } = await api.get(`${USERS}/${offer.userId}/credentials`);
    const one = `/v2/credentials/${profile}/${(json.data as { id: string }[])[0]!.id}/status`;
    await call('GET', one);
    expect((await call('POST', one, { status: 'invalid' })).status).toBe(201);
    await call('POST', one, { status: 1 });
    const none = `/v2/credentials/${profile}/${randomUUID()}/status`;
    await call('GET', none);
    await call('POST', none, { status: 'invalid' });
  });

  it('for credentials that are signed directly and revoked', async () => {
    const iss = didWebOf(system().url);
    const issuer = { id: iss, name: 'Issuer' };
    const ldp = { type: 'VerifiableBadge', name: 'Badge', issuer, credentialSubject: { id: 'did:example:1' } };
    const requests = [
      ['compact', { payload: { iss, name: 'Hana' }, revocable: true }],
      ['compact-semantic', { payload: { iss, vc: { type: 'Permit', credentialSubject: { name: 'Hana' } } }, revocable: true }],
      ['web-semantic', { payload: { ...ldp, '@context': [BADGE_CONTEXT] }, revocable: true, persist: true, tag: 'a' }],
    ] as const;
    const content = { '@context': { VerifiableBadge: 'https://issuer.example/VerifiableBadge' } };
    await api.create('/v2/credentials/web-semantic/contexts', { url: BADGE_CONTEXT, content });
    for (const [profile, body] of requests) {
      const base = `/v2/credentials/${profile}`;
      const { json, status, text } = await call('POST', `${base}/sign`, body);
      expect(status, text).toBe(200);
      await call('POST', `${base}/sign`, {});
      const one = `${base}/${json.id as string}`;
      await call('GET', `${one}/revocation-status`);
      expect((await call('POST', `${one}/revocation-status`, { isRevoked: true })).status).toBeLessThan(300);
      await call('POST', `${one}/revocation-status`, { isRevoked: 1 });
      if (profile === 'web-semantic') {
        expect((await call('GET', one)).json).toMatchObject({ tag: 'a', isRevoked: true, credential: json.credential });
        await call('GET', `${base}?limit=1&tag=a`);
        await call('GET', `${base}?limit=0`);
        const message = { to: ['did:example:holder'] };
        expect((await call('POST', `${one}/revocation-status/notification`, message)).status).toBe(201);
        await call('POST', `${one}/revocation-status/notification`, { to: 'did:example:holder' });
      }
      expect((await call('DELETE', one)).status).toBe(204);
      await call('DELETE', one);
      if (profile === 'web-semantic') await call('GET', one);
      await call('GET', `${one}/revocation-status`);
      await call('POST', `${one}/revocation-status`, { isRevoked: true });
    }
  });

  it('for DIDs', async () => {
    const { json } = await call('POST', DIDS, { method: 'key', options: { keyType: 'P-256' } });
    const one = `${DIDS}/${encodeURIComponent(json.did as string)}`;
    await call('POST', DIDS, { method: 'web', options: { url: 'https://did.example/a' } });
    expect((await call('POST', DIDS, { method: 'web', options: { url: 'https://did.example/a' } })).status).toBe(409);
    await call('POST', DIDS, { method: 'ion' });
    await call('GET', `${DIDS}?limit=1`);
    await call('GET', `${DIDS}?cursor=x`);
    await call('GET', one);
    await call('DELETE', one);
    for (const method of ['GET', 'DELETE']) await call(method, one);
    expect((await call('DELETE', `${DIDS}/${encodeURIComponent(didWebOf(system().url))}`)).status).toBe(400);
  });

  it('for keys', async () => {
    await call('GET', `${KEYS}?limit=1`);
    await call('GET', `${KEYS}?cursor=x`);
    await call('POST', `${KEYS}/assertion-eddsa/rotate`);
    await call('POST', `${KEYS}/none/rotate`);
  });

  it('for events and tokens', async () => {
    await call('GET', '/v1/events?limit=1000');
    await call('GET', '/v1/events?limit=x');
    const { clientId, clientSecret } = await newClient(system(), ['admin']);
    const ask = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const url = `${system().url}/oauth/token`;
    expect(description.faultsOfRequest('POST', '/oauth/token', ask)).toEqual([]);
    for (const body of [ask, { ...ask, client_secret: 'wrong' }, { ...ask, grant_type: 'none' }, { more: 'x'.repeat(20_000) }])
      check('POST', '/oauth/token', await send(url, 'POST', { body }));
    check('POST', '/oauth/token', await send(url, 'POST', { body: '', headers: { 'content-type': 'text/plain' } }));
  });

  it('for every operation without a token, without a role, and with a body of the wrong type or size', async () => {
    const guarded = description.operations.filter((operation) => {
      const [method = '', path = ''] = operation.split(' ');
      return description.document.paths[path]?.[method]?.security?.some((scheme) => 'managementToken' in scheme) === true;
    });
    expect(guarded).toHaveLength(123);
    for (const operation of guarded) {
      const [lower = '', template = ''] = operation.split(' ');
      const id = template.startsWith(`${REUSABLE}/{id}`) ? NO_OFFER : randomUUID();
      const [method, path] = [lower.toUpperCase(), template.replace('{id}', id)];
      const body = description.document.paths[template]?.[lower]?.requestBody === undefined ? undefined : {};
      expect(check(method, path, await send(system().url + path, method, { body })).status).toBe(401);
      if (path !== '/v1/events') expect((await call(method, path, body, auditor)).status).toBe(403);
      if (body === undefined) continue;
      const typed = await api.call(method, path, { body: 'a=b', headers: { 'content-type': 'text/plain' } });
      expect(check(method, path, typed).status).toBe(415);
      expect((await call(method, path, `"${'x'.repeat(1_048_576)}"`)).status).toBe(413);
    }
  });
});

describe('answers to wallets are as the OpenAPI document says', () => {
  const forWallets = async (path: string, given: Promise<Answer>, status: number, method = 'POST') => {
    const answer = check(method, path, await given);
    expect([path, answer.status]).toEqual([path, status]);
    return answer;
  };

  it('for metadata, keys and nonces', async () => {
    for (const path of description.operations.flatMap(
      (operation) => /^get (\/\.well-known\/.+|\/v1\/oauth\/jwks)$/.exec(operation)?.[1] ?? [],
    ))
      await forWallets(path, exchange(system().url + path), 200, 'GET');
    await forWallets('/v1/openid/nonce', exchange(`${system().url}/v1/openid/nonce`, { method: 'POST' }), 200);
  });

  it('for certificates and status lists', async () => {
    const get = (path: string, status: number, accept = 'application/json') =>
      forWallets(path, exchange(system().url + path, { headers: { accept } }), status, 'GET');
    const base = '/v2/credentials';
    await get('/v1/openid/iacas', 200);
    const iaca = await api.create(`${base}/mobile/iacas`, { commonName: 'Listed IACA' });
    await get(`${base}/mobile/iacas/${iaca.id}/crl`, 200, 'application/pkix-crl');
    await get(`${base}/mobile/iacas/${randomUUID()}/crl`, 404);
    for (const profile of ['mobile', 'sd-jwt']) await get(`${base}/${profile}/status-lists/distribution`, 200);
    for (const profile of ['web-semantic', 'compact', 'compact-semantic']) await get(`${base}/${profile}/revocation-lists`, 200);

    for (const list of await system().db.statusLists.find({ issuerId: 'default' }).toArray()) {
      const lists = `${base}/${list.profile}/${/token|bitstring/.test(list.mechanism) ? 'status' : 'revocation'}-lists/${list._id}`;
      if (list.mechanism === 'token-status-list') {
        for (const type of ['application/statuslist+jwt', 'application/statuslist+cwt']) await get(`${lists}/token`, 200, type);
        await get(`${lists}/token`, 406, 'text/html');
      } else if (list.mechanism === 'bitstring-status-list') await get(`${lists}/revocation`, 200);
      else await get(lists, 200);
    }
    const id = await suspendable();
    await get(`${base}/jwt/status-lists/${id}/suspension`, 200);
    const none = `${base}/jwt/status-lists/${randomUUID()}`;
    for (const path of [
      `${none}/token`,
      `${none}/revocation`,
      `${none}/suspension`,
      `${base}/compact/revocation-lists/${randomUUID()}`,
    ])
      await get(path, 404);
  });

  /** Has a list with suspensions made; gives its id. */
  const suspendable = async () => {
    const members = { ...configuration(), branding: undefined, includeStatus: true };
    const body = { ...members, statusPolicy: { suspendable: true, revokeOn: [] } };
    const { id } = await api.create('/v2/credentials/jwt/configurations', body);
    const wallet = new PlainWallet(system().url);
    const token = await wallet.token((await (await IssuerBackend.login(system())).offer([id])).uri);
    expect((await wallet.requestCredential(token, await wallet.credentialRequest(id))).status).toBe(200);
    return (await system().db.statusLists.findOne({ issuerId: 'default', profile: 'jwt', bits: 2 }))!._id;
  };

  it('for pushed authorization requests', async () => {
    const id = await (await IssuerBackend.login(system())).configuration();
    const path = '/v1/oauth/par';
    const request = {
      response_type: 'code',
      client_id: 'a-wallet',
      redirect_uri: 'https://wallet.example/callback',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
      authorization_details: JSON.stringify([{ type: 'openid_credential', credential_configuration_id: id }]),
    };
    const push = (change = {}) => postForm(system().url + path, { ...request, ...change });
    await forWallets(path, push(), 201);
    await forWallets(path, push({ response_type: 'token' }), 400);
    await forWallets(path, push({ client_secret: 'x' }), 401);
    await forWallets(path, push({ a: 'x'.repeat(70_000) }), 413);
    await forWallets(path, postJson(system().url + path, {}), 415);
  });

  it('from the offer to the notification, and for what is refused on the way', async () => {
    const { url } = system();
    const backend = await IssuerBackend.login(system());
    const wallet = new PlainWallet(url);
    const id = await backend.configuration();
    const offer = await backend.offer([id], { credentialOfferMode: 'reference' });
    const reference = new URL(offer.uri).searchParams.get('credential_offer_uri') ?? '';
    const offered = await forWallets(new URL(reference).pathname, exchange(reference), 200, 'GET');
    const unknown = '/v1/openid/offers/AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB';
    await forWallets(unknown, exchange(url + unknown), 404, 'GET');

    const token = '/v1/oauth/token';
    const code = wallet.codeOf(`x://?credential_offer=${encodeURIComponent(offered.text)}`);
    const redeemed = await forWallets(token, wallet.redeem(code), 200);
    await forWallets(token, wallet.redeem(code), 400);
    await forWallets(token, postForm(url + token, { client_secret: 'x', grant_type: '' }), 400);
    await forWallets(token, wallet.redeem('x', '1'), 400);
    await forWallets(token, postJson(url + token, {}), 415);
    await forWallets(token, postForm(url + token, { a: 'x'.repeat(70_000) }), 413);

    const credential = '/v1/openid/credential';
    const accessToken = redeemed.json.access_token as string;
    const request = await wallet.credentialRequest(id);
    const issued = await forWallets(credential, wallet.requestCredential(accessToken, request), 200);
    await forWallets(credential, wallet.requestCredential(accessToken, '{}'), 400);
    await forWallets(credential, wallet.requestCredential('x', request), 401);
    const other = await wallet.credentialRequest(await backend.configuration());
    await forWallets(credential, wallet.requestCredential(accessToken, other), 403);

    const notification = '/v1/openid/notification';
    await forWallets(notification, wallet.notify(accessToken, 'unknown'), 400);
    await forWallets(notification, wallet.notify('x', 'unknown'), 401);
    await forWallets(notification, wallet.notify(accessToken, issued.json.notification_id as string), 204);
  });

  it('for a credential that is deferred', async () => {
    const source = await startClaimsSource();
    try {
      source.behave(answering({}, { status: 503 }));
      const backend = await IssuerBackend.login(system());
      const wallet = new PlainWallet(system().url);
      const authorization = { type: 'api-key', value: 'x' };
      const claimSourceId = await backend.claimSource({ name: 'a', url: source.url, requestParameters: {}, authorization });
      const id = await backend.configuration({ claimSourceId });
      const token = await wallet.token((await backend.offer([id])).uri);
      const pending = await forWallets(
        '/v1/openid/credential',
        wallet.requestCredential(token, await wallet.credentialRequest(id)),
        202,
      );
      const transactionId = pending.json.transaction_id as string;
      const path = '/v1/openid/deferred-credential';
      await forWallets(path, wallet.deferredCredential(token, 'unknown'), 400);
      await forWallets(path, wallet.deferredCredential('x', transactionId), 401);
      source.behave(answering({ family_name: 'Source' }));
      await forWallets(path, wallet.untilDelivered(token, transactionId), 200);
    } finally {
      await source.stop();
    }
  });
});

describe('the answers that were held against the document', () => {
  it('are of every operation it has, each taken and, where it can be, refused', () => {
    const byOperation = new Map<string, string[]>();
    for (const entry of seen) {
      const [method = '', url = '', status = ''] = entry.split(' ');
      const path = description.pathOf(url) ?? url;
      const operation = `${method.toLowerCase()} ${path}`;
      byOperation.set(operation, [...(byOperation.get(operation) ?? []), status]);
    }
    expect([...byOperation.keys()].sort()).toEqual(description.operations);
    for (const [operation, statuses] of byOperation) {
      expect(
        statuses.some((status) => status.startsWith('2')),
        operation,
      ).toBe(true);
      const documents = /well-known|jwks|nonce|openid\/iacas|distribution$|revocation-lists$/.test(operation);
      if (!documents)
        expect(
          statuses.some((status) => status.startsWith('4')),
          operation,
        ).toBe(true);
    }
  });
});
