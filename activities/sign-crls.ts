import { signDueCrls } from '../store/certificate-rotation.js';
import type { ActivityDependencies } from './dependencies.js';
import { certificateScope } from './rotate-certificate-signers.js';

/** Signs the IACAs' revocation lists anew before they end. @throws {SignerError} to be tried again */
export function createSignCrls(dependencies: ActivityDependencies): (input: { readonly issuerId: string }) => Promise<void> {
  return ({ issuerId }) => signDueCrls(certificateScope(dependencies, issuerId));
}
