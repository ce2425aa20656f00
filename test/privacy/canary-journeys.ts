import { answering, redirecting, type Behaviour, type ClaimsSourceServer } from '../flows/claims-source-server.js';
import type { IssuerBackend, Offer } from '../flows/issuer-backend.js';
import { credentialsOf, PlainWallet, type Answer } from '../flows/plain-wallet.js';
import type { CanarySearch } from './canary-search.js';

/** Claims whose every value is a canary. */
export function canaryPerson(search: CanarySearch, from: string): Readonly<Record<string, unknown>> {
  const value = (name: string) => search.seed(`${from}-${name}`);
  return {
    given_name: value('given-name'),
    family_name: value('family-name'),
    address: { locality: value('locality'), country: value('country') },
    nationalities: [value('first-nationality'), value('second-nationality')],
    [search.seed(`${from}-name-of-a-claim`)]: value('unmapped'),
  };
}

interface Parts {
  /** The issuer's. */
  readonly url: string;
  readonly backend: IssuerBackend;
  readonly search: CanarySearch;
  readonly source: ClaimsSourceServer;
}

/** A session whose wallet holds a token, and the answers it got to its credential requests. */
interface Session {
  readonly offer: Offer;
  readonly token: string;
  readonly answer: Answer;
}

/** Issuances in which every value that nobody may see is a canary, or is added to the search. */
export class CanaryJourneys {
  /** Answers other than 2xx. */
  readonly refusals: Answer[] = [];
  readonly wallet: PlainWallet;

  constructor(readonly parts: Parts) {
    this.wallet = new PlainWallet(parts.url);
    parts.search.add('management token', parts.backend.session.token);
  }

  get backend(): IssuerBackend {
    return this.parts.backend;
  }

  /** A configuration whose claims source is asked with canaries: API key, secret, parameters. */
  async sourced(kind: 'api-key' | 'oauth', settings: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { search, source } = this.parts;
    const claimSourceId = await this.backend.claimSource({
      name: 'HR system',
      url: source.url,
      requestMethod: kind === 'oauth' ? 'POST' : 'GET',
      requestParameters: { name: { mapFrom: 'claims.given_name' }, where: { mapFrom: 'claims.address' } },
      authorization:
        kind === 'api-key'
          ? { type: 'api-key', value: search.seed('api-key-of-the-source') }
          : {
              type: 'oauth-client-credentials',
              tokenEndpoint: source.tokenEndpoint,
              clientId: 'chancery',
              clientSecret: search.seed('client-secret-of-the-source'),
            },
      ...settings,
    });
    return this.backend.configuration({ claimSourceId });
  }

  async offer(configurationId: string, claims: unknown, more: Readonly<Record<string, unknown>> = {}): Promise<Offer> {
    const { search } = this.parts;
    const headers = { 'idempotency-key': search.seed(`key-${Math.random()}`) };
    const offer = await this.backend.offer([configurationId], { claims, ...more }, headers);
    search.add(`code of ${offer.id}`, this.wallet.codeOf(offer.uri).split('.')[1] ?? '');
    if (offer.transactionCode !== undefined) search.add(`transaction code of ${offer.id}`, offer.transactionCode);
    return offer;
  }

  /** From the offer to the answer to the credential request. */
  async request(configurationId: string, claims: unknown, more: Readonly<Record<string, unknown>> = {}): Promise<Session> {
    const { search } = this.parts;
    const offer = await this.offer(configurationId, claims, more);
    const token = await this.wallet.token(offer.uri, offer.transactionCode);
    const body = await this.wallet.credentialRequest(configurationId);
    const { proofs } = JSON.parse(body) as { proofs: { jwt: [string] } };
    const [, payload = ''] = proofs.jwt[0].split('.');
    const { nonce } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { nonce: string };
    search.add(`access token of ${offer.id}`, signatureOf(token));
    search.add(`proof of ${offer.id}`, signatureOf(proofs.jwt[0]));
    search.add(`nonce of ${offer.id}`, nonce);
    const answer = this.#noted(await this.wallet.requestCredential(token, body));
    if (answer.status === 200) this.#addCredential(offer, answer);
    return { offer, token, answer };
  }

  async collected(session: Session): Promise<Session> {
    const { offer, token, answer } = session;
    const delivered = this.#noted(await this.wallet.untilDelivered(token, answer.json.transaction_id as string));
    this.#addCredential(offer, delivered);
    return { offer, token, answer: delivered };
  }

  async confirm({ token, answer }: Session): Promise<void> {
    this.#noted(await this.wallet.notify(token, answer.json.notification_id as string));
  }

  async guess(offer: Offer): Promise<void> {
    const code = this.wallet.codeOf(offer.uri);
    for (let left = 3; left > 0; left -= 1) this.#noted(await this.wallet.redeem(code, this.parts.search.seed('guess')));
  }

  #addCredential(offer: Offer, answer: Answer): void {
    this.parts.search.add(`credential of ${offer.id}`, ownPartOf(credentialsOf(answer)[0]));
  }

  #noted(answer: Answer): Answer {
    if (answer.status > 299) this.refusals.push(answer);
    return answer;
  }
}

interface BadAnswer {
  readonly name: string;
  readonly behaviour: Behaviour;
  /** What the wallet gets. */
  readonly status: 202 | 400;
}

/** Answers of a claims source that no credential is made from, with canaries wherever an answer has room. */
export function badAnswers(search: CanarySearch): readonly BadAnswer[] {
  const canary = search.seed('answer-of-the-source');
  const json = { 'content-type': 'application/json' };
  return [
    { name: 'a refusal', behaviour: answering({ error: canary }, { status: 404, headers: { 'x-canary': canary } }), status: 400 },
    { name: 'no JSON', behaviour: (response) => response.writeHead(200, json).end(`{"given_name": "${canary}`), status: 400 },
    { name: 'another type', behaviour: answering(canary, { headers: { 'content-type': `text/${canary}` } }), status: 400 },
    { name: 'no object', behaviour: answering([canary]), status: 400 },
    { name: 'too much', behaviour: answering({ given_name: canary.repeat(200) }), status: 400 },
    { name: 'a redirect to a private address', behaviour: redirecting(`https://10.0.0.1/${canary}?${canary}`), status: 400 },
    { name: 'a redirect to no URL', behaviour: redirecting(`https://${canary}:99999/`), status: 400 },
    { name: 'a redirect to a host that is not there', behaviour: redirecting(`https://${canary}.invalid/`), status: 202 },
    { name: 'a required claim taken away', behaviour: answering({ given_name: null, family_name: canary }), status: 400 },
    {
      name: 'a connection that breaks',
      behaviour: (response) =>
        response.writeHead(200, { ...json, 'content-length': '9000' }).write(canary, () => response.destroy()),
      status: 202,
    },
  ];
}

/** What no other credential has: its signature, or the end of one whose signature ends it. */
function ownPartOf(credential: unknown): string {
  if (typeof credential === 'string') return signatureOf(credential.split('~')[0] ?? '').slice(-80);
  const { proofValue, jws } = (credential as { proof: Record<string, string> }).proof;
  return (proofValue ?? jws ?? '').slice(-60);
}

function signatureOf(jwt: string): string {
  return jwt.slice(jwt.lastIndexOf('.') + 1);
}
