import { z } from 'zod';
import type { Config } from '../../../config/config.js';
import { jsonBoundsFault } from '../json-bounds.js';
import type { Exact } from '../validation.js';

const CLAIMS_BOUNDS = { depth: 8, bytes: 65_536 };
const MOST_CREDENTIALS = 50;
const SESSION_ID = /^[A-Za-z0-9_-]{22}$/;

export const DEFAULT_OFFER_ENDPOINT = 'openid-credential-offer://';
/** Schemes that a browser or desktop runs or reads instead of handing them to a wallet. */
const NO_WALLET_SCHEMES = new Set(['http:', 'javascript:', 'data:', 'file:', 'blob:', 'about:', 'vbscript:', 'view-source:']);

const claims = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    const message = jsonBoundsFault(value, CLAIMS_BOUNDS);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ description: 'Claims about the holder, `claims.*` in claim mappings: at most 64 kB and 8 levels.' });

const transactionCodeConfiguration = z
  .strictObject({
    inputMode: z.enum(['numeric', 'text']).default('numeric'),
    length: z.int().min(4).max(16).default(6),
    description: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .meta({ description: 'Shown by the wallet: where the holder finds the code.' }),
  })
  .meta({ id: 'TransactionCodeConfiguration', description: 'Its presence makes a transaction code; `{}` will do.' });

export const credentialOfferEndpoint = z
  .string()
  .max(2048)
  .refine((value) => isOfferEndpoint(value), {
    message: 'must be a custom scheme such as haip-vci://, or an https URL without query and fragment',
  })
  .meta({ description: 'How the wallet is invoked (OID4VCI 12.1.1).', default: DEFAULT_OFFER_ENDPOINT, example: 'haip-vci://' });

export const offeredCredentials = z
  .array(z.string().min(1).max(256))
  .min(1)
  .max(MOST_CREDENTIALS)
  .superRefine((ids, context) => {
    for (const [index, id] of ids.entries()) {
      if (ids.indexOf(id) < index) context.addIssue({ code: 'custom', message: 'is there twice', path: [index] });
    }
  })
  .meta({ description: 'Ids of credential configurations.' });

/** What creates a pre-authorized offer. */
export function offerRequestSchema({
  OFFER_MAX_EXPIRY_SECONDS,
  OFFER_EXPIRY_SECONDS,
}: Pick<Config, 'OFFER_MAX_EXPIRY_SECONDS' | 'OFFER_EXPIRY_SECONDS'>) {
  const expiresIn = z
    .strictObject({
      minutes: z.int().min(0).max(OFFER_MAX_EXPIRY_SECONDS).default(0),
      seconds: z.int().min(0).max(OFFER_MAX_EXPIRY_SECONDS).default(0),
    })
    .transform(({ minutes, seconds }) => 60 * minutes + seconds)
    .refine((seconds) => seconds >= 1 && seconds <= OFFER_MAX_EXPIRY_SECONDS, {
      message: `must be from 1 to ${OFFER_MAX_EXPIRY_SECONDS} seconds in all`,
    })
    .meta({ description: `Default ${OFFER_EXPIRY_SECONDS} seconds, at most ${OFFER_MAX_EXPIRY_SECONDS}.` });
  return z
    .strictObject({
      credentials: offeredCredentials,
      userId: z.string().min(1).max(128).optional().meta({ description: 'An existing user; by default a new one.' }),
      transactionCodeConfiguration: transactionCodeConfiguration.optional(),
      claims: claims.optional(),
      claimsToPersist: z
        .array(z.string().min(1).max(256))
        .max(300)
        .default([])
        .meta({ description: 'Names out of `claims` to keep with the user.' }),
      expiresIn: expiresIn.optional(),
      credentialOfferMode: z.enum(['value', 'reference']).default('value'),
      credentialOfferEndpoint: credentialOfferEndpoint.optional(),
      qrCode: z.enum(['png', 'svg']).optional().meta({ description: 'Asks for the URI as a QR code.' }),
    })
    .superRefine(({ claims: given, claimsToPersist }, context) => {
      for (const [index, name] of claimsToPersist.entries()) {
        if (given === undefined || !Object.hasOwn(given, name)) {
          context.addIssue({ code: 'custom', message: 'is not the name of one of the claims', path: ['claimsToPersist', index] });
        }
      }
    })
    .meta({ id: 'PreAuthorizedOfferRequest' });
}

export type OfferRequest = Exact<z.output<ReturnType<typeof offerRequestSchema>>>;

const offerId = z.string().regex(SESSION_ID).meta({ description: 'Also the id of the issuance in Temporal.' });

export const createdOfferSchema = z
  .strictObject({
    id: offerId,
    userId: z.string(),
    uri: z
      .string()
      .meta({ description: 'Carries the pre-authorized code: whoever has it can collect, up to the transaction code.' }),
    pageUrl: z.url().meta({ description: 'A page that shows the offer to people; as secret as the offer.' }),
    expiresAt: z.iso.datetime(),
    transactionCode: z
      .string()
      .optional()
      .meta({ description: 'Hand it to the holder by another channel. It is in no other answer.' }),
    qrCode: z.string().startsWith('data:image/').optional().meta({ description: 'A data: URI.' }),
  })
  .meta({ id: 'CreatedPreAuthorizedOffer' });

export const PHASES = [
  'OFFERED',
  'WAIT_AUTH',
  'WAIT_INTERACTION',
  'WAIT_APPROVAL',
  'WAIT_CODE',
  'WAIT_REQUEST',
  'COLLECTING_CLAIMS',
  'SIGNING',
  'WAIT_NOTIFICATION',
  'CLOSED',
] as const;
export const OUTCOMES = [
  'accepted',
  'failed_by_wallet',
  'deleted',
  'issued_unacknowledged',
  'expired',
  'denied',
  'code_attempts_exceeded',
  'withdrawn',
  'authentication_failed',
  'interaction_refused',
  'revoked',
] as const;
export const PROBLEMS = ['stuck:claims', 'stuck:signer', 'failed', 'not_started'] as const;

export const offerSchema = z
  .strictObject({
    id: offerId,
    credentials: z.array(z.string()),
    userId: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    phase: z.enum(PHASES).optional().meta({ description: 'Where the issuance stands.' }),
    phaseSince: z.iso.datetime().optional(),
    outcome: z.enum(OUTCOMES).optional().meta({ description: 'How it ended.' }),
    problem: z.enum(PROBLEMS).optional().meta({ description: 'Why it makes no progress.' }),
    issuedCount: z.int().min(0).optional().meta({ description: 'Credential requests answered.' }),
    closedAt: z.iso.datetime().optional(),
    temporalUi: z.url().meta({ description: 'The issuance in Temporal UI.' }),
  })
  .meta({ id: 'PreAuthorizedOffer' });

export type OfferView = Exact<z.output<typeof offerSchema>>;

/** Whether a text can be the id of an offer. */
export function isOfferId(value: unknown): value is string {
  return typeof value === 'string' && SESSION_ID.test(value);
}

function isOfferEndpoint(value: string): boolean {
  if (!URL.canParse(value) || /[\s?#]/.test(value)) return false;
  const { protocol } = new URL(value);
  return !NO_WALLET_SCHEMES.has(protocol) && value.slice(protocol.length).startsWith('//');
}
