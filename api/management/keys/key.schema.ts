import { z } from 'zod';
import type { SigningKeyDocument } from '../../../store/documents.js';
import { readCertificate } from '../../../keys/certificates.js';
import { ROTATED_PURPOSES } from '../../../store/key-rotation.js';
import type { Exact } from '../validation.js';

/** The public facts of a key that is rotated. */
export const keySchema = z
  .strictObject({
    keyId: z.string().meta({ description: 'Thumbprint of the public key (RFC 7638).' }),
    purpose: z.enum(ROTATED_PURPOSES),
    generation: z.int().min(1),
    state: z
      .enum(['published', 'active', 'retired'])
      .meta({ description: 'Published ahead of use, in use, or there for what it signed.' }),
    algorithm: z.enum(['ES256', 'EdDSA']),
    store: z
      .string()
      .optional()
      .meta({ description: '`local`, or the key store that keeps the private half. Absent once that is erased.' }),
    createdAt: z.iso.datetime(),
    retiredAt: z.iso.datetime().optional(),
    certificateNotAfter: z.iso.datetime().optional().meta({ description: 'Of keys that have a certificate.' }),
  })
  .meta({ id: 'Key' });

export const rotatedKeysSchema = z.strictObject({ data: z.array(keySchema) }).meta({ id: 'RotatedKeys' });

type KeyView = Exact<z.output<typeof keySchema>>;

/** A key as the API shows it. */
export function toKeyView(key: SigningKeyDocument): KeyView {
  const { keyId, purpose, generation, state, algorithm, privateKey, remote, createdAt, retiredAt } = key;
  const [certificate] = key.certificateChain;
  const store = remote?.store ?? (privateKey === undefined ? undefined : 'local');
  return {
    keyId,
    purpose: purpose as KeyView['purpose'],
    generation,
    state,
    algorithm,
    ...(store === undefined ? {} : { store }),
    createdAt: createdAt.toISOString(),
    ...(retiredAt === undefined ? {} : { retiredAt: retiredAt.toISOString() }),
    ...(certificate === undefined ? {} : { certificateNotAfter: new Date(readCertificate(certificate).notAfter).toISOString() }),
  };
}
