import { generateKeyPairSync } from 'node:crypto';
import type { IssuedCredential, IssueInput } from '../../../credentials/credential-format.js';
import { msoMdoc } from '../../../credentials/mso-mdoc/format.js';
import type { Signer } from '../../../keys/signer.js';
import type { MobileConfigurationDocument } from '../../../store/configuration-documents.js';
import { ISSUER, NOW } from '../../keys/issuer-keys.js';
import { signersWith } from '../../keys/test-signers.js';

export const MDL = 'org.iso.18013.5.1.mDL';
export const MDL_NAMESPACE = 'org.iso.18013.5.1';

type Mappings = MobileConfigurationDocument['claimMappings'];

/** A holder's key pair. */
export interface HolderKeys {
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly privateJwk: Readonly<Record<string, string>>;
}

export function holderKeys(curve: 'P-256' | 'P-384' | 'P-521' | 'Ed25519' = 'P-256'): HolderKeys {
  const { publicKey, privateKey } =
    curve === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve });
  return {
    publicJwk: publicKey.export({ format: 'jwk' }) as Record<string, string>,
    privateJwk: privateKey.export({ format: 'jwk' }) as Record<string, string>,
  };
}

export function configurationOf(
  claimMappings: Mappings,
  more: Partial<MobileConfigurationDocument> = {},
): MobileConfigurationDocument {
  return {
    _id: '0d3a3c5e-6f2b-4f0e-8a53-6d2f8e0c9b11',
    issuerId: 'default',
    profile: 'mobile',
    type: 'org.example.library.1.card',
    claimMappings,
    expiresIn: { months: 6 },
    holderBinding: true,
    createdAt: new Date(NOW),
    updatedAt: new Date(NOW),
    ...more,
  };
}

/** A mapping of one element, from the claim `value`. */
export function oneElement(mapping: Mappings[string][string], more: Partial<MobileConfigurationDocument> = {}) {
  return configurationOf({ 'org.example.1': { it: { mapFrom: 'claims.value', ...mapping } } }, more);
}

/** Maps and issues as an issuance does. */
export async function issue(
  signer: Signer,
  configuration: MobileConfigurationDocument,
  claims: Readonly<Record<string, unknown>>,
  more: Partial<IssueInput<MobileConfigurationDocument>> = {},
): Promise<IssuedCredential<string>> {
  const source = { claims };
  const mapped = msoMdoc.mapClaims({ configuration, source });
  if (mapped.missing.length + mapped.unusable.length > 0 && more.claims === undefined)
    throw new Error(`missing: ${mapped.missing.join()}; unusable: ${mapped.unusable.join()}`);
  return (await msoMdoc.issue({
    configuration,
    claims: mapped.claims,
    source,
    holderKey: holderKeys().publicJwk,
    signers: signersWith({ documentSigner: () => signer }),
    credentialId: '2f9d1f39-54c5-4e8b-b7b5-6a0c2f5a7a10',
    issuer: { identifier: ISSUER },
    now: NOW,
    ...more,
  })) as IssuedCredential<string>;
}
