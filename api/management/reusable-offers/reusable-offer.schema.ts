import { z } from 'zod';
import { credentialOfferEndpoint, isOfferId, offeredCredentials } from '../offers/offer.schema.js';
import type { Exact } from '../validation.js';

const MOST_REQUEST_PARAMETERS = 20;
const LONGEST_PARAMETER = 512;
const MOST_CLAIMS = 10_000;
/** Ten years, leap days included. */
export const LONGEST_LIFE_SECONDS = 3653 * 86_400;

/** What a wallet says of itself and of its request: no offer may say it in its stead. */
const WALLETS_OWN_PARAMETERS = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'state',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
  'scope',
  'authorization_details',
  'issuer_state',
]);

function nameFault(name: string): string | undefined {
  if (WALLETS_OWN_PARAMETERS.has(name)) return 'is a parameter that wallets set themselves';
  // RFC 6749 A: what the name of a parameter is made of.
  const isName = /^[A-Za-z0-9._-]{1,64}$/.test(name);
  return isName ? undefined : 'must have a name of 1 to 64 letters, digits, dots, hyphens or underscores';
}

const requestParameters = z
  .record(
    z.string(),
    z
      .string()
      .max(LONGEST_PARAMETER)
      .refine((value) => !/\p{Cc}/u.test(value), 'must hold no control characters'),
  )
  .superRefine((value, context) => {
    const names = Object.keys(value);
    if (names.length > MOST_REQUEST_PARAMETERS)
      context.addIssue({ code: 'custom', message: `must have at most ${MOST_REQUEST_PARAMETERS} members` });
    for (const name of names) {
      const message = nameFault(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [name] });
    }
  })
  .meta({
    description: 'What the wallet is to send with its authorization request, such as `login_hint` or `prompt`.',
    example: { prompt: 'login' },
  });

const part = z.int().min(0).max(LONGEST_LIFE_SECONDS).default(0);
const expiresIn = z
  .strictObject({ days: part, hours: part, minutes: part, seconds: part })
  .transform(({ days, hours, minutes, seconds }) => 86_400 * days + 3600 * hours + 60 * minutes + seconds)
  .refine((seconds) => seconds >= 1 && seconds <= LONGEST_LIFE_SECONDS, { message: 'must be from a second to ten years in all' })
  .meta({ description: 'At most ten years.' });

/** What creates a reusable offer. */
export const reusableOfferRequestSchema = z
  .strictObject({
    credentials: offeredCredentials,
    request_parameters: requestParameters.optional(),
    expiresIn: expiresIn.optional(),
    expiresAt: z.iso
      .datetime({ offset: true })
      .transform((value) => new Date(value))
      .optional()
      .meta({ description: 'Instead of `expiresIn`. With neither the offer is there until it is revoked.' }),
    maximumClaims: z
      .int()
      .min(1)
      .max(MOST_CLAIMS)
      .optional()
      .meta({ description: 'How many holders may claim it; those who get nothing do not count.' }),
    authenticationProviderId: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: "Where holders log in; by default at the issuer's default provider." }),
    credentialOfferMode: z.enum(['value', 'reference']).default('value'),
    credentialOfferEndpoint: credentialOfferEndpoint.optional(),
    qrCode: z.enum(['png', 'svg']).optional().meta({ description: 'Asks for the URI as a QR code.' }),
  })
  .superRefine(({ expiresIn: life, expiresAt }, context) => {
    if (life !== undefined && expiresAt !== undefined)
      context.addIssue({ code: 'custom', message: 'cannot go with expiresIn', path: ['expiresAt'] });
  })
  .meta({ id: 'ReusableOfferRequest' });

export type ReusableOfferRequest = Exact<z.output<typeof reusableOfferRequestSchema>>;

const offerId = z.string().refine(isOfferId).meta({ pattern: '^[A-Za-z0-9_-]{22}$' });

export const createdReusableOfferSchema = z
  .strictObject({
    id: offerId,
    uri: z.string().meta({ description: 'For any number of holders, up to `maximumClaims`.' }),
    pageUrl: z.url().meta({ description: 'A page that shows the offer to people.' }),
    expiresAt: z.iso.datetime().optional(),
    qrCode: z.string().startsWith('data:image/').optional().meta({ description: 'A data: URI.' }),
  })
  .meta({ id: 'CreatedReusableOffer' });

export const OFFER_STATES = ['active', 'paused', 'revoked', 'expired'] as const;

const claimCountsSchema = z
  .strictObject({
    started: z.int().min(0).meta({ description: 'Issuances that holders began.' }),
    open: z.int().min(0).meta({ description: 'Those that are not over.' }),
    issued: z.int().min(0).meta({ description: 'Those that are over and brought a credential.' }),
    failed: z.int().min(0).meta({ description: 'Those that a technical fault ended.' }),
    outcomes: z
      .record(z.string(), z.int().min(1))
      .meta({ description: 'Those that are over, by outcome.', example: { accepted: 12, expired: 1 } }),
  })
  .meta({ id: 'ReusableOfferClaims' });

export type ClaimCounts = Exact<z.output<typeof claimCountsSchema>>;

export const reusableOfferSchema = z
  .strictObject({
    id: offerId,
    credentials: z.array(z.string()),
    request_parameters: z.record(z.string(), z.unknown()).optional(),
    authenticationProviderId: z.string().optional(),
    state: z.enum(OFFER_STATES),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    maximumClaims: z.int().optional(),
    claims: claimCountsSchema,
    temporalUi: z.url().meta({ description: 'The offer in Temporal UI.' }),
  })
  .meta({ id: 'ReusableOffer' });

export type ReusableOfferView = Exact<z.output<typeof reusableOfferSchema>>;
