import { z } from 'zod';
import { jsonBoundsFault } from '../json-bounds.js';
import type { Exact } from '../validation.js';
import { color, description, name } from '../credential-configurations/configuration-members.schema.js';
import { contexts, httpsUrl, w3cType } from '../credential-configurations/w3c-members.schema.js';

const LARGEST_SUBJECT = { depth: 12, bytes: 131_072 };
const MOST_TYPES = 20;

const dateTime = z.iso.datetime({ offset: true });

const credentialSubject = z
  .record(z.string().min(1).max(1024), z.unknown())
  .refine((subject) => Object.keys(subject).length > 0, { message: 'must say something' })
  .superRefine((subject, context) => {
    const message = jsonBoundsFault(subject, LARGEST_SUBJECT);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ description: 'Claims; `id` is the subject, where it has one.' });

const payload = z
  .strictObject({
    '@context': contexts.optional(),
    type: z.union([w3cType, z.array(w3cType).min(1).max(MOST_TYPES)]).meta({ description: 'After `VerifiableCredential`.' }),
    name,
    description: description.optional(),
    credentialBranding: z.strictObject({ backgroundColor: color.optional(), watermarkImageUrl: httpsUrl.optional() }).optional(),
    issuer: z.strictObject({
      id: z.string().max(2048).meta({ description: 'A DID of this issuer; its key signs.', example: 'did:web:issuer.example' }),
      name,
      logoUrl: httpsUrl.optional(),
      iconUrl: httpsUrl.optional(),
    }),
    credentialSubject,
    issuanceDate: dateTime.optional().meta({ description: 'Default now.' }),
    expirationDate: dateTime.optional(),
  })
  .refine(
    ({ issuanceDate, expirationDate }) =>
      !(issuanceDate !== undefined && expirationDate !== undefined) || Date.parse(issuanceDate) < Date.parse(expirationDate),
    {
      message: 'must be after issuanceDate',
      path: ['expirationDate'],
    },
  );

/** `POST /v2/credentials/web-semantic/sign` (product.md 13) */
export const webSemanticSignRequestSchema = z
  .strictObject({
    payload,
    proofType: z
      .enum(['Ed25519Signature2018', 'eddsa-rdfc-2022', 'ecdsa-rdfc-2019', 'ecdsa-sd-2023'])
      .default('Ed25519Signature2018'),
    tag: z.string().min(1).max(1024).optional().meta({ description: 'To find it by in the list of credentials.' }),
    persist: z.boolean().default(false).meta({ description: 'Whether the credential stays readable here. Default false.' }),
    revocable: z.boolean().default(false).meta({ description: 'Whether it can be revoked. Default false.' }),
    includeId: z.boolean().default(true).meta({ description: 'Whether it has an `id`. Default true.' }),
  })
  .meta({ id: 'WebSemanticCredentialSignRequest' });

export type WebSemanticSignRequest = Exact<z.output<typeof webSemanticSignRequestSchema>>;

export const signedWebSemanticSchema = z
  .strictObject({
    id: z.uuid(),
    credential: z.looseObject({ proof: z.looseObject({}) }),
    issuanceDate: z.iso.datetime(),
    tag: z.string().optional(),
  })
  .meta({ id: 'SignedWebSemanticCredential' });
