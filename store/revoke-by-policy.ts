import type { Filter } from 'mongodb';
import type { RevocationTrigger } from './configuration-documents.js';
import { changeStatus } from './change-status.js';
import type { Database } from './database.js';
import type { IssuedCredentialsDocument } from './documents.js';
import type { StatusPublications } from './status-publication.js';

interface PolicyScope {
  readonly db: Database;
  readonly publications: StatusPublications;
  readonly issuerId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type LedgerFilter = Pick<Filter<IssuedCredentialsDocument>, 'sessionId' | 'userId' | '_id'>;

const AT_ONCE = 10;

/**
 * Revokes the credentials that a filter finds and whose configuration says so for this trigger. May be repeated.
 *
 * @returns how many ledger entries it revoked, those that were revoked before included
 * @throws {StatusContentionError}
 */
export async function revokeByPolicy(
  { db, publications, issuerId, now }: PolicyScope,
  { filter, trigger }: { filter: LedgerFilter; trigger: RevocationTrigger },
): Promise<number> {
  const found = db.issuedCredentials
    .find({ issuerId, ...filter, statusPolicy: { $exists: true } }, { projection: { issuerId: 1, statuses: 1, statusPolicy: 1 } })
    .batchSize(100);
  let revoked = 0;
  let some: IssuedCredentialsDocument[] = [];
  const revokeSome = async () => {
    await Promise.all(some.map((owner) => changeStatus({ db, publications, now }, { owner, status: 1, reversible: true })));
    revoked += some.length;
    some = [];
  };
  for await (const entry of found) {
    if (entry.statuses === undefined || entry.statusPolicy?.revokeOn.includes(trigger) !== true) continue;
    some.push(entry);
    if (some.length === AT_ONCE) await revokeSome();
  }
  await revokeSome();
  return revoked;
}
