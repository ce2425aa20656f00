import { exchange } from './http-exchange.js';
import type { IssuerBackend } from './issuer-backend.js';

/** A reusable offer as its wallets need it. */
export interface ReusableOffer {
  readonly id: string;
  readonly issuerState: string;
}

/** A reusable offer as the management API shows it. */
export interface ReusableOfferView {
  readonly state: string;
  readonly claims: Readonly<Record<'started' | 'open' | 'issued' | 'failed', number>> & {
    readonly outcomes: Readonly<Record<string, number>>;
  };
}

/** What the issuer's back-end asks of the management API about reusable offers. */
export class ReusableOffers {
  readonly #url: string;
  readonly #backend: IssuerBackend;

  /** @param url the issuer's public URL */
  constructor(url: string, backend: IssuerBackend) {
    this.#url = url;
    this.#backend = backend;
  }

  async make(credentials: readonly string[], more: Readonly<Record<string, unknown>> = {}): Promise<ReusableOffer> {
    const made = await this.#backend.session.post('/v1/openid/offers', { credentials, credentialOfferMode: 'value', ...more });
    const { id, uri } = made as { id: string; uri: string };
    const offer = JSON.parse(new URL(uri).searchParams.get('credential_offer') ?? '') as {
      grants: { authorization_code: { issuer_state: string } };
    };
    return { id, issuerState: offer.grants.authorization_code.issuer_state };
  }

  async read(id: string): Promise<ReusableOfferView> {
    return (await this.#backend.session.get(`/v1/openid/offers/${id}`)) as ReusableOfferView;
  }

  async pause(id: string): Promise<void> {
    await this.#backend.session.post(`/v1/openid/offers/${id}/pause`, {});
  }

  async revoke(id: string): Promise<void> {
    const headers = { authorization: `Bearer ${this.#backend.session.token}` };
    const { status, text } = await exchange(`${this.#url}/v1/openid/offers/${id}`, { method: 'DELETE', headers });
    if (status !== 204) throw new Error(`the offer was not revoked (${status}): ${text}`);
  }
}
