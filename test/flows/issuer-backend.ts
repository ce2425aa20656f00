import { randomUUID } from 'node:crypto';
import { ManagementSession } from '../../scripts/demo/management-session.js';
import type { SystemAddress } from '../harness/connections.js';

/** An offer as the management API answers it. */
export interface Offer {
  readonly id: string;
  readonly userId: string;
  readonly uri: string;
  readonly expiresAt: string;
  readonly transactionCode?: string;
}

/** Claim mappings of the credential the flow tests issue: plain, nested and array claims. */
export const PERSON_MAPPINGS = {
  given_name: { mapFrom: 'claims.given_name', required: true },
  family_name: { mapFrom: 'claims.family_name' },
  'address.locality': { mapFrom: 'claims.address.locality' },
  'address.country': { mapFrom: 'claims.address.country' },
  nationalities: { mapFrom: 'claims.nationalities', selectiveDisclosureOfElements: true },
};

export const PERSON = {
  given_name: 'Ngaio',
  family_name: 'Tester',
  address: { locality: 'Wellington', country: 'NZ' },
  nationalities: ['NZ', 'DE'],
};

/** The issuer's back-end: what it asks of the management API in the flow tests. */
export class IssuerBackend {
  private constructor(readonly session: ManagementSession) {}

  /** @param options.at where requests go, if not to the issuer's public URL */
  static async login(
    { url, admin }: Pick<SystemAddress, 'url' | 'admin'>,
    { at = url }: { at?: string } = {},
  ): Promise<IssuerBackend> {
    const redirected: typeof fetch = (input, init) => fetch((input as string).replace(url, at), init);
    return new IssuerBackend(await ManagementSession.open({ url, ...admin, fetch: redirected }));
  }

  /** Makes an SD-JWT VC configuration of a type of its own; gives its id. */
  async configuration(overrides: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const body = { type: `urn:test:${randomUUID()}`, claimMappings: PERSON_MAPPINGS, expiresIn: { months: 6 }, ...overrides };
    return ((await this.session.post('/v2/credentials/sd-jwt/configurations', body)) as { id: string }).id;
  }

  async claimSource(body: Readonly<Record<string, unknown>>): Promise<string> {
    return ((await this.session.post('/v1/claim-sources', body)) as { id: string }).id;
  }

  async offer(
    configurationIds: readonly string[],
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Offer> {
    const body = { credentials: configurationIds, claims: PERSON, ...more };
    return (await this.session.post('/v1/openid/offers/pre-authorized', body, headers)) as Offer;
  }
}
