import { w3cClaimFaults } from '../../../credentials/verifiable-credential/claim-faults.js';
import type { VerifiableCredentialConfiguration } from '../../../credentials/verifiable-credential/credential-document.js';
import { didWebOf } from '../../../keys/did-web.js';
import type { SigningAlgorithm } from '../../../keys/signer.js';
import type { IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import type { ErrorDetail } from '../../http/errors.js';

const ASSERTION = { ES256: 'assertion-es256', EdDSA: 'assertion-eddsa' } as const;

/** A fault of a request's body. */
export function bodyFault(param: string, msg: string): ErrorDetail {
  return { msg, param, location: 'body' };
}

/**
 * What keeps a configuration of a W3C profile from working, whatever its format: its claims, types that are there twice, a
 * DID that is not the issuer's or has no key for the signature.
 */
export function w3cFaults(
  document: VerifiableCredentialConfiguration,
  {
    context,
    snapshot,
    algorithm,
    discloses = false,
  }: { context: ApiContext; snapshot: IssuerSnapshot; algorithm: SigningAlgorithm; discloses?: boolean },
): ErrorDetail[] {
  return [
    ...w3cClaimFaults(document.claimMappings, { discloses }).map(({ claim, member, message }) =>
      bodyFault(['claimMappings', claim, ...(member === undefined ? [] : [member])].join('.'), message),
    ),
    ...document.additionalTypes.flatMap((type, index) =>
      type === document.type ? [bodyFault(`additionalTypes[${index}]`, 'is the type already')] : [],
    ),
    ...didFaults(document, { snapshot, ownDid: didWebOf(context.config.PUBLIC_URL), algorithm }),
  ];
}

function didFaults(
  { issuerDid }: VerifiableCredentialConfiguration,
  { snapshot: { dids, keys }, ownDid, algorithm }: { snapshot: IssuerSnapshot; ownDid: string; algorithm: SigningAlgorithm },
): ErrorDetail[] {
  const isUsable = (key: IssuerSnapshot['keys'][number]) => key.state === 'active' && key.algorithm === algorithm;
  if (issuerDid === undefined || issuerDid === ownDid) {
    const hasKey = keys.some((key) => key.purpose === ASSERTION[algorithm] && isUsable(key));
    return hasKey ? [] : [bodyFault('issuerDid', `the issuer's did:web has no active ${algorithm} key`)];
  }
  const record = dids.find(({ did }) => did === issuerDid);
  if (record === undefined) return [bodyFault('issuerDid', 'is no DID of this issuer')];
  const hasKey = record.keys.some(({ keyRef }) => keys.some((key) => key._id === keyRef && isUsable(key)));
  return hasKey ? [] : [bodyFault('issuerDid', `has no active ${algorithm} key, with which these credentials are signed`)];
}
