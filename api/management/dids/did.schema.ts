import { z } from 'zod';
import type { Exact } from '../validation.js';
import { didWebOfRequest } from './did-url.js';

const KEY_TYPES = { ed25519: 'EdDSA', 'p-256': 'ES256' } as const;

const keyType = z
  .enum(['Ed25519', 'ed25519', 'P-256', 'p-256'])
  .default('Ed25519')
  .transform((name) => KEY_TYPES[name.toLowerCase() as keyof typeof KEY_TYPES])
  .meta({ description: '`Ed25519` or `P-256`.' });
const keyOptions = z.strictObject({ keyType }).default({ keyType: 'EdDSA' });

/** What creates a DID. Read, `options` say the algorithm of its key, or which did:web it is. */
export function didRequestSchema(publicUrl: string) {
  const url = z
    .string()
    .transform((text, context) => {
      const read = didWebOfRequest(text, publicUrl);
      if ('did' in read) return read.did;
      context.addIssue({ code: 'custom', message: read.fault });
      return z.NEVER;
    })
    .meta({ description: 'Where the document is to be found, `https://example.com` or `https://example.com/path`.' });
  return z
    .discriminatedUnion('method', [
      z.strictObject({ method: z.literal('key'), options: keyOptions }),
      z.strictObject({ method: z.literal('jwk'), options: keyOptions }),
      z.strictObject({ method: z.literal('web'), options: z.strictObject({ url }) }),
    ])
    .meta({ id: 'DidRequest' });
}

export type DidRequest = Exact<z.output<ReturnType<typeof didRequestSchema>>>;

const localMetadata = z.strictObject({
  keys: z.array(
    z.strictObject({
      didDocumentKeyId: z.string().meta({ description: 'DID URL of the key.' }),
      kmsKeyId: z.string().meta({ description: 'Thumbprint of the key (RFC 7638).' }),
    }),
  ),
  registered: z.int().meta({ description: 'Milliseconds since the epoch.' }),
  initialDidDocument: z.record(z.string(), z.unknown()).meta({ description: 'The DID document.' }),
});

export const didSchema = z
  .strictObject({ did: z.string(), registrationStatus: z.literal('COMPLETED'), localMetadata })
  .meta({ id: 'Did' });

export type DidView = Exact<z.output<typeof didSchema>>;
