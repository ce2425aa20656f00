import type { Database } from './database.js';
import type { CertificateSignerDocument, DidRecordDocument, IacaDocument } from './identity-documents.js';
import type { StatusListConfigurationDocument } from './status-documents.js';
import type { CredentialConfigurationDocument } from './configuration-documents.js';
import type {
  AuthenticationProviderDocument,
  ClaimSourceDocument,
  IssuerDocument,
  SigningKeyDocument,
  WalletClientDocument,
} from './documents.js';

/** The id of the issuer that a deployment starts with. */
export const DEFAULT_ISSUER_ID = 'default';

/** Everything about an issuer that requests need, as of one revision. Immutable: derive from it once, keyed by identity. */
export interface IssuerSnapshot {
  readonly issuer: IssuerDocument;
  readonly revision: number;
  readonly configurations: ReadonlyMap<string, CredentialConfigurationDocument>;
  readonly claimSources: ReadonlyMap<string, ClaimSourceDocument>;
  readonly authenticationProviders: ReadonlyMap<string, AuthenticationProviderDocument>;
  /** By `client_id`. */
  readonly walletClients: ReadonlyMap<string, WalletClientDocument>;
  readonly keys: readonly SigningKeyDocument[];
  readonly iacas: readonly IacaDocument[];
  /** Document signers and mobile status-list signers. */
  readonly certificateSigners: readonly CertificateSignerDocument[];
  readonly dids: readonly DidRecordDocument[];
  readonly statusListConfigurations: readonly StatusListConfigurationDocument[];
  /** JSON-LD contexts that the issuer uploaded, JSON text by URL. */
  readonly contexts: ReadonlyMap<string, string>;
}

interface Entry {
  snapshot: IssuerSnapshot;
  checkedAt: number;
  loadedAt: number;
}

/** No issuer has this id. */
export class UnknownIssuerError extends Error {
  override readonly name = 'UnknownIssuerError';
}

const CHECK_AFTER_MS = 1000;
const RELOAD_AFTER_MS = 60_000;
/** A store that takes longer to say whether there is anything new is not waited for. */
const CHECK_DEADLINE_MS = 500;

/**
 * Keeps each issuer's snapshot in memory, so that requests read no configuration from the database.
 *
 * A change made by this process shows at once (call `changed`), one made by another within a second. While the database
 * is away, what is in memory goes on being served.
 */
export class IssuerDirectory {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<IssuerSnapshot>>();

  /** @param options.now milliseconds since the epoch */
  constructor({ db, now = Date.now }: { db: Database; now?: () => number }) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * The issuer's snapshot, at least of `minimumRevision` where given.
   *
   * @throws {UnknownIssuerError}
   */
  async get(issuerId: string, minimumRevision = 0): Promise<IssuerSnapshot> {
    const entry = this.#entries.get(issuerId);
    const now = this.#now();
    if (entry === undefined || entry.snapshot.revision < minimumRevision) return this.#load(issuerId);
    if (now - entry.checkedAt <= CHECK_AFTER_MS) return entry.snapshot;
    entry.checkedAt = now;
    return fulfilledInTime(this.#current(issuerId, entry), entry.snapshot);
  }

  /** Counts a change of the issuer's records, and drops this process's snapshot. */
  async changed(issuerId: string): Promise<void> {
    for (;;) {
      const current = await this.#db.issuers.findOne({ _id: issuerId }, { projection: { revision: 1 } });
      if (current === null) throw new UnknownIssuerError(`there is no issuer ${issuerId}`);
      const { modifiedCount } = await this.#db.issuers.updateOne(
        { _id: issuerId, revision: current.revision },
        { $set: { revision: current.revision + 1 } },
      );
      if (modifiedCount === 1) break;
    }
    this.#entries.delete(issuerId);
    this.#loading.delete(issuerId);
  }

  async #current(issuerId: string, { snapshot, loadedAt }: Entry): Promise<IssuerSnapshot> {
    if (this.#now() - loadedAt > RELOAD_AFTER_MS) return this.#load(issuerId);
    const current = await this.#db.issuers.findOne({ _id: issuerId }, { projection: { revision: 1 } });
    return current?.revision === snapshot.revision ? snapshot : this.#load(issuerId);
  }

  #load(issuerId: string): Promise<IssuerSnapshot> {
    const running = this.#loading.get(issuerId);
    if (running !== undefined) return running;
    const loading = this.#read(issuerId)
      .then((snapshot) => {
        // A change in mid-read dropped us from the map: then our reading may be older than the change.
        if (this.#loading.get(issuerId) !== loading) return this.get(issuerId);
        const now = this.#now();
        this.#entries.set(issuerId, { snapshot, checkedAt: now, loadedAt: now });
        return snapshot;
      })
      .finally(() => {
        if (this.#loading.get(issuerId) === loading) this.#loading.delete(issuerId);
      });
    this.#loading.set(issuerId, loading);
    return loading;
  }

  async #read(issuerId: string): Promise<IssuerSnapshot> {
    // The issuer first: records read after its revision are at least that new.
    const issuer = await this.#db.issuers.findOne({ _id: issuerId });
    if (issuer === null) throw new UnknownIssuerError(`there is no issuer ${issuerId}`);
    const [configurations, claimSources, providers, clients, keys, identity] = await Promise.all([
      this.#db.credentialConfigurations.find({ issuerId }).sort({ createdAt: 1, _id: 1 }).toArray(),
      this.#db.claimSources.find({ issuerId }).toArray(),
      this.#db.authenticationProviders.find({ issuerId }).sort({ createdAt: 1, _id: 1 }).toArray(),
      this.#db.walletClients.find({ issuerId }).toArray(),
      this.#db.signingKeys.find({ issuerId }).toArray(),
      this.#readIdentity(issuerId),
    ]);
    return {
      issuer,
      revision: issuer.revision,
      configurations: new Map(configurations.map((configuration) => [configuration._id, configuration])),
      claimSources: new Map(claimSources.map((source) => [source._id, source])),
      authenticationProviders: new Map(providers.map((provider) => [provider._id, provider])),
      walletClients: new Map(clients.map((client) => [client.clientId, client])),
      keys,
      ...identity,
    };
  }

  async #readIdentity(issuerId: string): Promise<IssuerIdentity> {
    const [iacas, certificateSigners, dids, statusListConfigurations, contexts] = await Promise.all([
      this.#db.iacas.find({ issuerId }).sort({ createdAt: 1, _id: 1 }).toArray(),
      this.#db.certificateSigners.find({ issuerId }).sort({ createdAt: 1, _id: 1 }).toArray(),
      this.#db.dids.find({ issuerId }).sort({ createdAt: 1, _id: 1 }).toArray(),
      this.#db.statusListConfigurations.find({ issuerId }).toArray(),
      this.#db.jsonLdContexts.find({ issuerId }).toArray(),
    ]);
    return {
      iacas,
      certificateSigners,
      dids,
      statusListConfigurations,
      contexts: new Map(contexts.map(({ url, content }) => [url, content])),
    };
  }
}

type IssuerIdentity = Pick<IssuerSnapshot, 'iacas' | 'certificateSigners' | 'dids' | 'statusListConfigurations' | 'contexts'>;

/** What it resolves to, or the fallback where that fails or takes too long. */
async function fulfilledInTime(checked: Promise<IssuerSnapshot>, fallback: IssuerSnapshot): Promise<IssuerSnapshot> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<IssuerSnapshot>((resolve) => {
    timer = setTimeout(resolve, CHECK_DEADLINE_MS, fallback);
  });
  const known = checked.catch((error: unknown) => {
    if (error instanceof UnknownIssuerError) throw error;
    return fallback;
  });
  try {
    return await Promise.race([known, late]);
  } finally {
    clearTimeout(timer);
  }
}
