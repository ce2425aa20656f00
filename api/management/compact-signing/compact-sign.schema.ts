import { z } from 'zod';
import { isUsableValue } from '../../../credentials/claim-value.js';
import { CLAIM_KEYS, isCborText } from '../../../credentials/cwt/compact-claims.js';
import { jsonBoundsFault } from '../json-bounds.js';
import type { Exact } from '../validation.js';

const LARGEST_PAYLOAD = { depth: 34, bytes: 49_152 };
const MOST_TYPES = 20;
/** The last second of the year 9999. */
const LAST_DATE = 253_402_300_799;
/** What the issuer sets itself, and what would be something else in the credential. */
const NOT_GIVEN: ReadonlySet<string> = new Set(['jti', 'cti', 'cnf', 'status', 'vc']);

const text = z.string().min(1).max(1024).refine(isCborText, { message: 'holds half a character' });
const numericDate = z.int().min(0).max(LAST_DATE).meta({ description: 'Seconds since the epoch.' });

/** Registered claims (RFC 8392 3.1) by their JWT names. */
const registered = {
  iss: z
    .string()
    .max(2048)
    .meta({ description: 'A DID of this issuer with an ES256 key; its key signs.', example: 'did:web:issuer.example' }),
  sub: text.optional(),
  aud: text.optional(),
  exp: numericDate.optional(),
  nbf: numericDate.optional(),
  iat: numericDate.optional().meta({ description: 'Default now.' }),
};

/** A claim that only the caller knows the meaning of. */
const claim = z.unknown().refine((value) => isUsableValue(value) && isCborText(value), {
  message: 'has no value that a credential can carry: it is null, holds half a character, or is nested too deep',
});

const compactPayload = z
  .object({ ...registered, type: text.optional() })
  .catchall(claim)
  .superRefine((payload, context) => {
    for (const name of Object.keys(payload)) {
      const message = nameFault(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [name] });
    }
  });

function nameFault(name: string): string | undefined {
  if (NOT_GIVEN.has(name)) return 'cannot be given: the issuer sets it itself';
  if (Object.hasOwn(CLAIM_KEYS, name)) return undefined;
  return name === '' || name.length > 1024 || !isCborText(name) ? 'is no name that a claim can have' : undefined;
}

const textOrList = z.union([text, z.array(text).min(1).max(MOST_TYPES)]);

const semanticPayload = z.strictObject({
  ...registered,
  nbf: numericDate.optional().meta({ description: 'Default now.' }),
  vc: z.strictObject({
    '@context': textOrList.optional().meta({ description: "After the W3C's." }),
    type: textOrList.optional().meta({ description: 'After `VerifiableCredential`.', example: 'AlumniCredential' }),
    credentialSubject: z.record(z.string().max(1024).refine(isCborText), claim),
  }),
});

const options = {
  revocable: z.boolean().default(false).meta({ description: 'Whether the credential can be revoked. Default false.' }),
  isRevoked: z
    .boolean()
    .optional()
    .meta({ description: 'Whether it is revoked from the start. Can be given only with `revocable`.' }),
};

const RULES: readonly [(body: Checked) => boolean, { path: string[]; message: string }][] = [
  [
    ({ isRevoked, revocable }) => isRevoked === undefined || revocable,
    { path: ['isRevoked'], message: 'can only be given for a credential that is revocable' },
  ],
  [
    ({ payload: { nbf, exp } }) => nbf === undefined || exp === undefined || nbf < exp,
    { path: ['payload', 'exp'], message: 'must be after nbf' },
  ],
];

interface Checked {
  readonly payload: { readonly nbf?: number | undefined; readonly exp?: number | undefined };
  readonly revocable: boolean;
  readonly isRevoked?: boolean | undefined;
}

function checkBody(body: Checked, context: z.RefinementCtx): void {
  for (const [holds, fault] of RULES) if (!holds(body)) context.addIssue({ code: 'custom', ...fault });
  const message = jsonBoundsFault(body.payload, LARGEST_PAYLOAD);
  if (message !== undefined) context.addIssue({ code: 'custom', message, path: ['payload'] });
}

/** `POST /v2/credentials/compact/sign` */
export const compactSignRequestSchema = z
  .strictObject({ payload: compactPayload, ...options })
  .superRefine(checkBody)
  .meta({ id: 'CompactCredentialSignRequest' });

/** `POST /v2/credentials/compact-semantic/sign` */
export const compactSemanticSignRequestSchema = z
  .strictObject({ payload: semanticPayload, ...options })
  .superRefine(checkBody)
  .meta({ id: 'CompactSemanticCredentialSignRequest' });

export type CompactSignRequest = Exact<z.output<typeof compactSignRequestSchema>>;
export type CompactSemanticSignRequest = Exact<z.output<typeof compactSemanticSignRequestSchema>>;

/** What is answered: the credential as it is given out, and what is in it. */
export const signedCompactSchema = z
  .strictObject({
    id: z.uuid().meta({ description: 'Also the `jti`.' }),
    encoded: z.string().meta({ description: 'The credential: what a QR code shows.', example: 'CSC:/1/2KCE3IQEJB5DCMSL...' }),
    decoded: z.looseObject({
      iss: z.string(),
      jti: z.uuid(),
      status: z.strictObject({ url: z.url(), index: z.int().min(0) }).optional(),
    }),
  })
  .meta({ id: 'SignedCompactCredential' });
