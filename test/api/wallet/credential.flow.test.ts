import { beforeAll, describe, expect, it } from 'vitest';
import { postForm } from '../../flows/http-exchange.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { useCredentialRequests } from './use-credential-requests.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
const requests = useCredentialRequests(system);
/** Another configuration. */
let second: string;
/** A token whose answer named credential identifiers, and the one it named. */
let detailed: { token: string; identifier: string };

beforeAll(async () => {
  const { backend, configurationId, wallet } = requests();
  second = await backend.configuration();
  const { json } = await postForm(`${system().url}/v1/oauth/token`, {
    grant_type: GRANT,
    'pre-authorized_code': wallet.codeOf((await backend.offer([configurationId])).uri),
    authorization_details: JSON.stringify([{ type: 'openid_credential', credential_configuration_id: configurationId }]),
  });
  const [granted] = json.authorization_details as readonly { credential_identifiers: readonly string[] }[];
  detailed = { token: json.access_token as string, identifier: granted?.credential_identifiers[0] ?? '' };
});

const known = () => ({ credential_configuration_id: requests().configurationId });

describe('a credential request', () => {
  const fresh = async () => {
    const { newToken, proof, wallet } = requests();
    const jwt = [proof({ nonce: await wallet.nonce() })];
    return { token: await newToken(), body: { ...known(), proofs: { jwt } } };
  };

  it('CRD-12 CRD-14 CRD-19 NOT-08 is answered by credentials and one notification_id, for no cache', async () => {
    const { token, body } = await fresh();
    const { status, headers, json } = await requests().send(body, token);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json(;|$)/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toEqual({
      credentials: [{ credential: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+~([\w-]+~)+$/) as string }],
      notification_id: expect.any(String) as string,
    });
  });

  it('CRD-15 carries the SD-JWT VC as the string it is, ending in a tilde', async () => {
    const { token, body } = await fresh();
    const { json } = await requests().send(body, token);
    const [{ credential } = { credential: '' }] = json.credentials as readonly { credential: string }[];
    expect(credential.endsWith('~')).toBe(true);
  });

  it('CRD-09 may have members that nobody knows, however deep', async () => {
    const { token, body } = await fresh();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = JSON.stringify({ ...body, format: 'dc+sd-jwt', unknown: { a: [1] }, deep: 0 }).replace(
      '"deep":0',
      `"deep":${deep}`,
    );
    expect((await requests().send(text, token)).status).toBe(200);
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"', 'application/json ; profile=x'])(
    'CRD-10 may be of type %s',
    async (type) => {
      const { token, body } = await fresh();
      expect((await requests().send(body, token, { 'content-type': type })).status).toBe(200);
    },
  );

  it.each(['bearer', 'BEARER', 'BeArEr'])('CRD-01 may spell the scheme %s', async (scheme) => {
    const { token, body } = await fresh();
    expect((await requests().send(body, token, { authorization: `${scheme} ${token}` })).status).toBe(200);
  });

  it('CRD-02 TOK-08 selects by the identifier that the token response named', async () => {
    const { proof, send, wallet } = requests();
    const jwt = [proof({ nonce: await wallet.nonce() })];
    const answer = await send({ credential_identifier: detailed.identifier, proofs: { jwt } }, detailed.token);
    expect(answer.status).toBe(200);
  });

  it('CRD-20 may be made for each configuration of the offer with one token, and does not end the earlier credential', async () => {
    const { backend, configurationId, wallet } = requests();
    const { uri } = await backend.offer([configurationId, second]);
    const token = await wallet.token(uri);
    const first = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    const other = await wallet.requestCredential(token, await wallet.credentialRequest(second));
    expect([first.status, other.status]).toEqual([200, 200]);
    expect((await wallet.notify(token, first.json.notification_id as string)).status).toBe(204);
  });

  it.each([
    ['left out', undefined],
    ['of any form', { jwt: ['garbage'], other: 1 }],
    ['no object', 'x'],
  ])('CRD-23 needs no proofs where the configuration binds to no key: proofs %s', async (_name, given) => {
    const { backend, send, wallet } = requests();
    const unbound = await backend.configuration({ holderBinding: false });
    const token = await wallet.token((await backend.offer([unbound])).uri);
    const answer = await send({ credential_configuration_id: unbound, proofs: given }, token);
    expect(answer.status).toBe(200);
    const [{ credential } = { credential: '' }] = answer.json.credentials as readonly { credential: string }[];
    const payload = Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString('utf8');
    expect(JSON.parse(payload)).not.toHaveProperty('cnf');
  });
});
