import { randomBytes } from 'node:crypto';
import { ManagementSession } from '../../demo/management-session.js';
import type { Flow } from '../options.js';
import { BENCH_MAPPINGS, BENCH_TYPE } from './credential.js';
import { PROVIDER_CLIENT_ID } from './provider-code.js';
import type { BenchProvider } from './provider-process.js';
import type { IssuerTarget } from './target.js';

interface FreshIssuer {
  readonly flow: Flow;
  /** Where its API listens. */
  readonly origin: string;
  readonly issuer: string;
  readonly admin: { readonly clientId: string; readonly clientSecret: string };
  readonly provider: BenchProvider | undefined;
}

/** Makes what wallets need, as an issuer does: by the management API, everything else as it is by default. */
export async function setUp({ flow, origin, issuer, admin, provider }: FreshIssuer): Promise<IssuerTarget> {
  const session = await ManagementSession.open({ url: issuer, ...admin });
  if (provider !== undefined) {
    await session.post('/v1/users/authentication-providers', {
      url: provider.url,
      clientId: PROVIDER_CLIENT_ID,
      clientSecret: randomBytes(32).toString('base64url'),
      isDefault: true,
    });
  }
  const configuration = { type: BENCH_TYPE, claimMappings: BENCH_MAPPINGS, expiresIn: { years: 1 } };
  const { id } = (await session.post('/v2/credentials/sd-jwt/configurations', configuration)) as { id: string };
  return { flow, origin, issuer, managementToken: session.token, configurationId: id, scope: `dc+sd-jwt:${BENCH_TYPE}` };
}
