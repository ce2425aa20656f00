import { randomUUID } from 'node:crypto';
import { exchange, postForm, postJson } from '../flows/http-exchange.js';
import type { Answer } from '../flows/plain-wallet.js';
import { TYPE_PATH, type Holdings, type Issuer } from './holdings.js';

/** What may be away. `worker`: all workers. */
export type Dependency = 'mongodb' | 'temporal' | 'worker';

export interface EndpointProbe {
  readonly endpoint: string;
  /** Whose error shape it has. */
  readonly family: 'wallet' | 'management';
  /** Who has to be there for it. */
  readonly needs: readonly Dependency[];
  /** What it answers when all that it needs is there. */
  readonly status: number;
  /** What it answers instead where something is away that it can do without for a while. */
  readonly without?: Partial<Readonly<Record<Dependency, number>>>;
  readonly send: (issuer: Issuer, holdings: Holdings) => Promise<Answer>;
}

const OFFERS = '/v1/openid/offers/pre-authorized';
const CONFIGURATIONS = '/v2/credentials/sd-jwt/configurations';

const managed = ({ backend }: Issuer) => ({ authorization: `Bearer ${backend.session.token}` });
const get = (path: string) => (issuer: Issuer) => exchange(issuer.system.url + path, { headers: managed(issuer) });
const post = (path: string, bodyOf: (issuer: Issuer) => unknown) => (issuer: Issuer) =>
  postJson(issuer.system.url + path, bodyOf(issuer), managed(issuer));
const published = (path: string): EndpointProbe => ({
  endpoint: `GET ${path}`,
  family: 'wallet',
  needs: [],
  status: 200,
  send: get(path),
});

const WALLET: readonly EndpointProbe[] = [
  published('/.well-known/openid-credential-issuer'),
  published('/.well-known/oauth-authorization-server'),
  published('/.well-known/jwt-vc-issuer'),
  published('/v1/oauth/jwks'),
  published(TYPE_PATH),
  { endpoint: 'POST nonce', family: 'wallet', needs: [], status: 200, send: post('/v1/openid/nonce', () => '') },
  {
    endpoint: 'GET offer by reference',
    family: 'wallet',
    needs: ['mongodb'],
    status: 200,
    send: (_issuer, { referenced }) => exchange(new URL(referenced.uri).searchParams.get('credential_offer_uri') ?? ''),
  },
  {
    endpoint: 'POST token',
    family: 'wallet',
    needs: ['temporal', 'worker'],
    status: 200,
    send: ({ wallet }, { open }) => wallet.redeem(wallet.codeOf(open.uri)),
  },
  {
    endpoint: 'POST credential',
    family: 'wallet',
    needs: ['mongodb', 'temporal', 'worker'],
    status: 200,
    send: ({ wallet }, { redeemed }) => wallet.requestCredential(redeemed.token, redeemed.body),
  },
  {
    endpoint: 'POST deferred credential',
    family: 'wallet',
    needs: ['mongodb'],
    status: 200,
    without: { temporal: 202 },
    send: ({ wallet }, { deferred }) => wallet.deferredCredential(deferred.token, deferred.transactionId),
  },
  {
    endpoint: 'POST notification',
    family: 'wallet',
    needs: ['temporal'],
    status: 204,
    send: ({ wallet }, { issued }) => wallet.notify(issued.token, issued.notificationId),
  },
];

const MANAGEMENT: readonly EndpointProbe[] = [
  {
    endpoint: 'POST management token',
    family: 'management',
    needs: ['mongodb'],
    status: 200,
    send: ({ system: { url, admin } }) =>
      postForm(`${url}/oauth/token`, {
        grant_type: 'client_credentials',
        client_id: admin.clientId,
        client_secret: admin.clientSecret,
      }),
  },
  {
    endpoint: 'POST offer',
    family: 'management',
    needs: ['mongodb', 'temporal'],
    status: 200,
    send: post(OFFERS, ({ configurationId }) => ({ credentials: [configurationId], claims: { given_name: 'Ngaio' } })),
  },
  { endpoint: 'GET offers', family: 'management', needs: ['mongodb', 'temporal'], status: 200, send: get(OFFERS) },
  {
    endpoint: 'GET offer',
    family: 'management',
    needs: ['mongodb', 'temporal'],
    status: 200,
    send: (issuer, { open }) => get(`${OFFERS}/${open.id}`)(issuer),
  },
  {
    endpoint: 'DELETE offer',
    family: 'management',
    needs: ['mongodb', 'temporal'],
    status: 204,
    send: (issuer, { doomed }) =>
      exchange(`${issuer.system.url}${OFFERS}/${doomed.id}`, { method: 'DELETE', headers: managed(issuer) }),
  },
  {
    endpoint: 'POST configuration',
    family: 'management',
    needs: ['mongodb'],
    status: 201,
    send: post(CONFIGURATIONS, () => ({
      type: `urn:test:${randomUUID()}`,
      claimMappings: { name: { mapFrom: 'claims.name' } },
    })),
  },
  { endpoint: 'GET configurations', family: 'management', needs: ['mongodb'], status: 200, send: get(CONFIGURATIONS) },
  { endpoint: 'GET claim sources', family: 'management', needs: ['mongodb'], status: 200, send: get('/v1/claim-sources') },
  { endpoint: 'GET events', family: 'management', needs: ['mongodb'], status: 200, send: get('/v1/events') },
];

export const ENDPOINTS: readonly EndpointProbe[] = [...WALLET, ...MANAGEMENT];
