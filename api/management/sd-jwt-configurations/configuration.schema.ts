import { z } from 'zod';
import { checkClaimMappings } from '../../../credentials/claim-mapping-faults.js';
import type { Exact } from '../validation.js';

const LONGEST_IMAGE = 131_072;

const color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour as #rrggbb')
  .meta({ example: '#0b3d91' });

const image = z
  .string()
  .max(LONGEST_IMAGE, `must be at most ${LONGEST_IMAGE} characters`)
  .refine((value) => isHttpsUrl(value) || /^data:image\/(?:png|svg\+xml|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/.test(value), {
    message: 'must be an https URL, or a data: URI of a PNG, SVG, JPEG or WebP image in base64',
  });

const locale = z
  .string()
  .max(64)
  .refine((value) => canonicalLocale(value) === value, { message: 'must be a BCP 47 language tag in canonical case, e.g. en-NZ' })
  .meta({ example: 'en-NZ' });

const name = z.string().min(1).max(1024);
const description = z.string().max(1024);

const claimMappingSchema = z
  .strictObject({
    mapFrom: z.string().max(1024).optional().meta({
      description: "Path into the claims: `claims.address.formatted`, `claims['https://example.com/name']`.",
      example: 'claims.given_name',
    }),
    defaultValue: z
      .unknown()
      .optional()
      .meta({ description: 'Used where the path gives nothing; alone, a value of every credential.' }),
    required: z.boolean().optional().meta({ description: 'Without a value and default the issuance is refused. Default false.' }),
    selectiveDisclosure: z.boolean().optional().meta({ description: 'Whether the holder can withhold the claim. Default true.' }),
    selectiveDisclosureOfElements: z
      .boolean()
      .optional()
      .meta({ description: 'Likewise for each element of an array. Default false.' }),
    display: oneByLocale(z.strictObject({ name, locale: locale.optional(), description: description.optional() })).optional(),
  })
  .meta({ id: 'ClaimMapping' });

const claimMappings = z
  .record(z.string(), claimMappingSchema)
  .superRefine((mappings, context) => {
    for (const { claim, member, message } of checkClaimMappings(mappings as Exact<typeof mappings>)) {
      const path = [...(claim === '' ? [] : [claim]), ...(member === undefined ? [] : [member])];
      context.addIssue({ code: 'custom', message, path });
    }
  })
  .meta({ description: "By claim path: `given_name`, `address.locality`, `['https://example.com/x']`." });

const DURATION_LIMITS = {
  years: 100,
  months: 1200,
  weeks: 5300,
  days: 36_600,
  hours: 878_400,
  minutes: 52_704_000,
  seconds: 3_162_240_000,
};

const duration = z
  .strictObject({
    years: part('years'),
    months: part('months'),
    weeks: part('weeks'),
    days: part('days'),
    hours: part('hours'),
    minutes: part('minutes'),
    seconds: part('seconds'),
  })
  .refine((value) => Object.values(value).some((amount = 0) => amount > 0), { message: 'must be longer than nothing' })
  .meta({ id: 'Duration', description: 'Counted from the issuance.' });

const branding = z
  .strictObject({
    name: name.meta({ description: 'Wallets show some 18 characters.' }),
    description: description.optional(),
    backgroundColor: color.optional(),
    textColor: color.optional(),
    watermarkImage: image.optional(),
    issuerLogo: image.optional(),
    issuerIcon: image.optional(),
  })
  .meta({ id: 'CredentialBranding' });

const display = oneByLocale(
  z.strictObject({
    name,
    locale: locale.optional(),
    description: description.optional(),
    logo: z.strictObject({ uri: image, altText: z.string().max(1024).optional() }).optional(),
    backgroundColor: color.optional(),
    textColor: color.optional(),
    backgroundImage: z.strictObject({ uri: image }).optional(),
  }),
).meta({ description: 'How wallets show the credential, by language (OID4VCI 12.2.4). Without it, `branding` serves for all.' });

const members = {
  type: z
    .string()
    .min(1)
    .max(1024)
    .refine((value) => value !== 'VerifiableCredential', { message: 'must not be VerifiableCredential' })
    .refine((value) => value.trim() === value && !/[\u0000-\u001f\u007f]/.test(value), {
      message: 'must not begin or end with white space, nor hold control characters',
    })
    .meta({
      description: 'The `vct`; unique among the SD-JWT configurations.',
      example: 'https://issuer.example/credentials/employee',
    }),
  claimMappings,
  claimSourceId: z.uuid('must be the id of a claims source').optional(),
  expiresIn: duration.optional(),
  branding: branding.optional(),
  display: display.optional(),
};

/** What creates a configuration, or replaces one in full. */
export const configurationRequestSchema = z
  .strictObject({
    ...members,
    holderBinding: z.boolean().default(true).meta({ description: 'False for credentials bound to no holder key.' }),
  })
  .meta({ id: 'SdJwtConfigurationRequest' });

/** A replacement may be what was read: the `id` in it is that of the path, whatever it says. */
export const configurationReplacementSchema = configurationRequestSchema.extend({ id: z.string().max(64).optional() });

export type ConfigurationRequest = Exact<z.output<typeof configurationRequestSchema>>;

export const configurationSchema = z
  .strictObject({
    id: z.uuid().meta({ description: 'Also the `credential_configuration_id`.' }),
    ...members,
    holderBinding: z.boolean(),
  })
  .meta({ id: 'SdJwtConfiguration' });

function part(unit: keyof typeof DURATION_LIMITS) {
  return z.int().min(0).max(DURATION_LIMITS[unit]).optional();
}

/** A non-empty array with one entry per language, and at most one for all others (MET-09). */
function oneByLocale<S extends z.ZodType<{ locale?: string | undefined }>>(entry: S) {
  return z
    .array(entry)
    .min(1)
    .max(100)
    .superRefine((entries, context) => {
      const seen = new Set<string | undefined>();
      for (const [index, { locale: own }] of entries.entries()) {
        if (seen.has(own))
          context.addIssue({ code: 'custom', message: 'is the second entry for its locale', path: [index, 'locale'] });
        seen.add(own);
      }
    });
}

function isHttpsUrl(value: string): boolean {
  return value.length <= 2048 && URL.canParse(value) && new URL(value).protocol === 'https:';
}

function canonicalLocale(value: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(value)[0];
  } catch {
    return undefined;
  }
}
