import { signList } from '../credentials/status/sign-list.js';
import type { SignList } from '../store/status-publication.js';
import type { ActivityDependencies } from './dependencies.js';

/** Signs an issuer's status lists with its keys as they are at that moment. */
export function statusSigning(dependencies: ActivityDependencies, issuerId: string): SignList {
  const { directory, issuerIdentifier, now } = dependencies;
  return async (list, changed) => {
    const records = await directory.get(issuerId);
    return signList({ list, changed, records, access: dependencies, issuerIdentifier, now: now() });
  };
}
