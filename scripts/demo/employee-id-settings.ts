import { SetupError } from '../engines/setup-error.js';
import { DEMO_CLIENT_ID, hookSecret, keepHookSecret, type DemoSecrets } from './demo-secrets.js';
import { EMPLOYEE_ID_CONFIGURATION } from './employee-id.js';
import type { ManagementSession } from './management-session.js';
import type { DemoUrls } from './ports.js';

const PROVIDERS = '/v1/users/authentication-providers';
const OPENID_CONFIGURATION = '/v1/openid/configuration';
const CLAIM_SOURCES = '/v1/claim-sources';
const CONFIGURATIONS = '/v2/credentials/sd-jwt/configurations';
const CLAIM_SOURCE_NAME = 'Demo: titles and access';

interface DemoServices {
  readonly urls: DemoUrls;
  readonly secrets: DemoSecrets;
  readonly dataFolder: string;
}

/** What an offer of the employee ID names. */
export interface EmployeeId {
  readonly configurationId: string;
  readonly providerId: string;
}

/**
 * Makes what the demo of the authorization code flow needs at the issuer: provider, interaction hook, claims source and
 * credential configuration. What is there is kept, and follows the demo's services where they have moved.
 *
 * @throws {SetupError} where the issuer has an interaction hook of its own
 */
export async function setUpEmployeeId(session: ManagementSession, services: DemoServices): Promise<EmployeeId> {
  await setUpHook(session, services);
  const providerId = await setUpProvider(session, services);
  const claimSourceId = await setUpClaimSource(session, services);
  return { providerId, configurationId: await setUpConfiguration(session, claimSourceId) };
}

interface HookView {
  readonly url: string;
  readonly secret: string;
}

async function setUpHook(session: ManagementSession, { urls, dataFolder }: DemoServices): Promise<void> {
  const current = (await session.get(OPENID_CONFIGURATION)) as { interactionHook?: HookView; authorization: unknown };
  const { interactionHook: hook, authorization } = current;
  const isOurs = hook?.url === urls.hook || (hook !== undefined && isLocal(hook.url) && hook.secret === hookSecret(dataFolder));
  if (hook !== undefined && !isOurs) {
    throw new SetupError(
      'The issuer has an interaction hook of its own, which the demo leaves alone: remove it (PUT /v1/openid/configuration), or give an offer of your own with --offer and --browser.',
    );
  }
  if (hook?.url === urls.hook) {
    keepHookSecret(dataFolder, hook.secret);
    return;
  }
  const interactionHook = { ...hook, url: urls.hook, claims: ['given_name', 'family_name'] };
  const changed = (await session.put(OPENID_CONFIGURATION, { authorization, interactionHook })) as {
    interactionHook: HookView;
  };
  keepHookSecret(dataFolder, changed.interactionHook.secret);
}

async function setUpProvider(session: ManagementSession, { urls, secrets }: DemoServices): Promise<string> {
  const body = {
    url: urls.provider,
    clientId: DEMO_CLIENT_ID,
    clientSecret: secrets.clientSecret,
    claimsToPersist: [],
    forwardedRequestParameters: ['login_hint', 'ui_locales'],
  };
  const providers = await list<{ id: string; url: string; clientId: string; clientSecret?: string }>(session, PROVIDERS);
  const found = providers.find(({ url, clientId }) => clientId === DEMO_CLIENT_ID && isLocal(url));
  if (found === undefined) return idOf(await session.post(PROVIDERS, body));
  const isSame = found.url === body.url && isMaskOf(found.clientSecret, body.clientSecret);
  return isSame ? found.id : idOf(await session.put(`${PROVIDERS}/${found.id}`, body));
}

async function setUpClaimSource(session: ManagementSession, { urls, secrets }: DemoServices): Promise<string> {
  const body = {
    name: CLAIM_SOURCE_NAME,
    url: urls.claims,
    requestParameters: { email: { mapFrom: 'claims.email' } },
    authorization: { type: 'api-key', value: secrets.apiKey },
  };
  const sources = await list<{ id: string; name: string; url: string; authorization: { value?: string } }>(
    session,
    CLAIM_SOURCES,
  );
  const found = sources.find(({ name, url }) => name === CLAIM_SOURCE_NAME && isLocal(url));
  if (found === undefined) return idOf(await session.post(CLAIM_SOURCES, body));
  const isSame = found.url === body.url && isMaskOf(found.authorization.value, secrets.apiKey);
  return isSame ? found.id : idOf(await session.put(`${CLAIM_SOURCES}/${found.id}`, body));
}

async function setUpConfiguration(session: ManagementSession, claimSourceId: string): Promise<string> {
  const { type } = EMPLOYEE_ID_CONFIGURATION;
  const { data } = (await session.get(`${CONFIGURATIONS}?type=${encodeURIComponent(type)}`)) as { data: { id: string }[] };
  return data[0]?.id ?? idOf(await session.post(CONFIGURATIONS, { ...EMPLOYEE_ID_CONFIGURATION, claimSourceId }));
}

async function list<T>(session: ManagementSession, path: string): Promise<readonly T[]> {
  return ((await session.get(`${path}?limit=1000`)) as { data: T[] }).data;
}

function isLocal(url: string): boolean {
  return new URL(url).hostname === 'localhost';
}

/** Whether the issuer shows what may be this secret: asterisks and its last characters. */
function isMaskOf(masked: string | undefined, secret: string): boolean {
  return masked !== undefined && secret.endsWith(masked.replace(/^\*+/, ''));
}

function idOf(answer: unknown): string {
  return (answer as { id: string }).id;
}
