import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuthorizationPolicy, WalletClientDocument } from '../../../store/documents.js';
import { exchange, postForm, type Exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { PlainWallet } from '../../flows/plain-wallet.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { refusalOf } from '../wallet/refusal.js';
import { basic, CALLBACK, registerClient, seeRecords, setPolicy } from './wallet-clients.js';

const SECRET = 'the-secret-of-the-client';

const system = useOwnProcesses();
let backend: IssuerBackend;
let configurationId: string;
let open: WalletClientDocument;
let secretive: WalletClientDocument;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  open = await registerClient(system());
  secretive = await registerClient(system(), { tokenEndpointAuthMethod: 'client_secret_basic', secret: SECRET });
  configurationId = await backend.configuration();
});

type Form = Readonly<Record<string, string>>;
const use = (policy: Partial<AuthorizationPolicy>) => async () => {
  await setPolicy(system(), policy);
  await seeRecords(system());
};
const metadata = async () => (await exchange(`${system().url}/.well-known/oauth-authorization-server`)).json;

/** What the PAR and the token endpoint say to a client. */
async function outcomes(client: Form, headers: Exchange['headers'] = {}): Promise<readonly string[]> {
  const code = new PlainWallet(system().url).codeOf((await backend.offer([configurationId])).uri);
  const request: Form = {
    response_type: 'code',
    redirect_uri: CALLBACK,
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([{ type: 'openid_credential', credential_configuration_id: configurationId }]),
  };
  const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code', 'pre-authorized_code': code };
  const answers = [
    await postForm(`${system().url}/v1/oauth/par`, { ...request, ...client }, headers),
    await postForm(`${system().url}/v1/oauth/token`, { ...grant, ...client }, headers),
  ];
  return answers.map((answer) => (answer.status < 300 ? String(answer.status) : refusalOf(answer)));
}

describe('an issuer who refuses unknown clients', () => {
  beforeAll(use({ unknownClients: 'refuse' }));

  it('TOK-12 HAP-05 serves registered clients, and those without a name where they may have none', async () => {
    expect(await outcomes({ client_id: open.clientId })).toEqual(['201', '200']);
    expect(await outcomes({}, basic(secretive.clientId, SECRET))).toEqual(['201', '200']);
    expect(await outcomes({})).toEqual(['400 invalid_request', '200']);
  });

  it('TOK-12 HAP-05 refuses others', async () => {
    expect(await outcomes({ client_id: 'unknown' })).toEqual(Array(2).fill('401 invalid_client'));
    expect(await outcomes({}, basic('unknown', SECRET))).toEqual(Array(2).fill('401 invalid_client'));
  });
});

describe('an issuer who wants clients to authenticate', () => {
  beforeAll(use({ requireClientAuthentication: true, requirePushedAuthorizationRequests: true }));

  it('HAP-05 serves those that do', async () => {
    expect(await outcomes({}, basic(secretive.clientId, SECRET))).toEqual(['201', '200']);
  });

  it('TOK-04 TOK-12 HAP-05 refuses all others', async () => {
    const refused = Array(2).fill('401 invalid_client');
    expect(await outcomes({})).toEqual(refused);
    expect(await outcomes({ client_id: open.clientId })).toEqual(refused);
    expect(await outcomes({ client_id: 'unknown' })).toEqual(refused);
    expect(await outcomes({ client_id: secretive.clientId })).toEqual(refused);
  });

  it('ASM-03 ASM-04 HAP-05 says so in its metadata', async () => {
    expect(await metadata()).toMatchObject({
      require_pushed_authorization_requests: true,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      'pre-authorized_grant_anonymous_access_supported': false,
    });
  });
});

describe('an issuer who set no policy', () => {
  beforeAll(use({}));

  it('ASM-03 ASM-04 takes plain requests and clients of any kind, and says so', async () => {
    expect(await outcomes({ client_id: 'unknown' })).toEqual(['201', '200']);
    expect(await metadata()).toMatchObject({
      require_pushed_authorization_requests: false,
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'private_key_jwt'],
      'pre-authorized_grant_anonymous_access_supported': true,
    });
  });
});
