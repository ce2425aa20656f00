import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import { discoverProvider, type KnownProvider } from './discover-provider.js';
import { createProviderFetch, type ProviderFetch, type ProviderFetchConfig } from './provider-fetch.js';

interface Entry {
  known: KnownProvider;
  readAt: number;
  /** When to read again. */
  staleAt: number;
}

const MOST_ENTRIES = 100;
const REREAD_AFTER_MS = 600_000;
/** A provider that is away is not asked by every login. */
const REREAD_AFTER_FAILURE_MS = 30_000;
const KEEP_MS = 86_400_000;

/**
 * Keeps what providers say of themselves, so that a login does not begin with reading it.
 *
 * It is read again after ten minutes; where that fails, the old one serves for up to a day. A change of the provider's
 * record makes another entry.
 */
export class ProviderDirectory {
  readonly #ring: KeyEncryptionRing;
  readonly #fetch: ProviderFetch;
  readonly #allowedHosts: readonly string[];
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #readings = new Map<string, Promise<KnownProvider>>();

  /** @param options.now milliseconds since the epoch */
  constructor({ config, ring, now = Date.now }: { config: ProviderFetchConfig; ring: KeyEncryptionRing; now?: () => number }) {
    this.#ring = ring;
    this.#fetch = createProviderFetch(config);
    this.#allowedHosts = config.OUTBOUND_ALLOWED_HOSTS;
    this.#now = now;
  }

  /** @throws {ProviderUnavailableError} where nothing usable is known of the provider, nor can be had */
  async get(provider: AuthenticationProviderDocument): Promise<KnownProvider> {
    const key = `${provider._id}/${provider.updatedAt.getTime()}`;
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#now() < entry.staleAt) return entry.known;
    try {
      return await (this.#readings.get(key) ?? this.#read(key, provider));
    } catch (error) {
      if (entry === undefined || this.#now() - entry.readAt > KEEP_MS) throw error;
      entry.staleAt = this.#now() + REREAD_AFTER_FAILURE_MS;
      return entry.known;
    }
  }

  #read(key: string, provider: AuthenticationProviderDocument): Promise<KnownProvider> {
    const reading = discoverProvider({
      provider,
      ring: this.#ring,
      fetch: this.#fetch,
      allowedHosts: this.#allowedHosts,
      before: this.#entries.get(key)?.known,
    })
      .then((known) => {
        this.#keep(key, known);
        return known;
      })
      .finally(() => {
        this.#readings.delete(key);
      });
    this.#readings.set(key, reading);
    return reading;
  }

  #keep(key: string, known: KnownProvider): void {
    const readAt = this.#now();
    // Taken out first, so that it counts as the youngest.
    this.#entries.delete(key);
    this.#entries.set(key, { known, readAt, staleAt: readAt + REREAD_AFTER_MS });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST_ENTRIES) break;
      this.#entries.delete(oldest);
    }
  }
}
