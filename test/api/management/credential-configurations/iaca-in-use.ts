import { randomUUID } from 'node:crypto';
import { KeyEncryptionRing } from '../../../../keys/key-encryption.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../../store/issuer-directory.js';
import { iacaRecords, makeIaca, type TestIaca } from '../../../credentials/mso-mdoc/test-iaca.js';
import type { Connections, SystemAddress } from '../../../harness/connections.js';
import { ManagementClient } from '../management-client.js';

const SD_JWT = '/v2/credentials/sd-jwt/configurations';

/** A root of a test's own with its document signer, the only ones that the issuer has in use; others rest meanwhile. */
export class IacaInUse {
  private constructor(
    private readonly system: SystemAddress & Connections,
    readonly iaca: TestIaca,
    private readonly ids: { readonly iacaId: string; readonly signerId: string; readonly keyRef: string },
    private readonly resting: readonly string[],
  ) {}

  static async start(system: SystemAddress & Connections): Promise<IacaInUse> {
    const { db, masterKey } = system;
    const now = Date.now();
    const iaca = await makeIaca({ now });
    const ring = new KeyEncryptionRing([new Uint8Array(Buffer.from(masterKey, 'base64url'))]);
    const ids = { iacaId: randomUUID(), signerId: randomUUID() };
    const records = iacaRecords(iaca, { ring, ...ids, now });
    const active = await db.iacas.find({ issuerId: DEFAULT_ISSUER_ID, active: true }).toArray();
    const resting = active.map(({ _id }) => _id);
    for (const _id of resting) await db.iacas.updateOne({ _id }, { $set: { active: false } });
    await db.signingKeys.insertOne(records.key);
    await db.certificateSigners.insertOne(records.signer);
    await db.iacas.insertOne(records.iaca);
    const inUse = new IacaInUse(system, iaca, { ...ids, keyRef: records.key._id }, resting);
    await inUse.#makeKnown();
    return inUse;
  }

  async setActive(active: boolean): Promise<void> {
    await this.system.db.iacas.updateOne({ _id: this.ids.iacaId }, { $set: { active } });
    await this.#makeKnown();
  }

  /** Takes it away, and wakes the others. */
  async stop(): Promise<void> {
    const { db } = this.system;
    await db.iacas.deleteOne({ _id: this.ids.iacaId });
    await db.certificateSigners.deleteOne({ _id: this.ids.signerId });
    await db.signingKeys.deleteOne({ _id: this.ids.keyRef });
    for (const _id of this.resting) await db.iacas.updateOne({ _id }, { $set: { active: true } });
    await this.#makeKnown();
  }

  /** A change made through the API shows there at once, and everything before it with it. */
  async #makeKnown(): Promise<void> {
    await new IssuerDirectory({ db: this.system.db }).changed(DEFAULT_ISSUER_ID);
    const api = await ManagementClient.admin(this.system);
    const { id } = await api.create(SD_JWT, { type: `urn:test:${randomUUID()}`, claimMappings: {} });
    await api.delete(`${SD_JWT}/${id}`);
  }
}
