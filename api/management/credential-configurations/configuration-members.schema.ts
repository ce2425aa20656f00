import { z } from 'zod';

const LONGEST_IMAGE = 131_072;

/** `#rrggbb` */
export const color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour as #rrggbb')
  .meta({ example: '#0b3d91' });

/** An https URL or a data: URI. */
export const image = z
  .string()
  .max(LONGEST_IMAGE, `must be at most ${LONGEST_IMAGE} characters`)
  .refine((value) => isHttpsUrl(value) || /^data:image\/(?:png|svg\+xml|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/.test(value), {
    message: 'must be an https URL, or a data: URI of a PNG, SVG, JPEG or WebP image in base64',
  });

/** BCP 47, in canonical case. */
export const locale = z
  .string()
  .max(64)
  .refine((value) => canonicalLocale(value) === value, { message: 'must be a BCP 47 language tag in canonical case, e.g. en-NZ' })
  .meta({ example: 'en-NZ' });

/** What wallets show. */
export const name = z.string().min(1).max(1024);
export const description = z.string().max(1024);

const DURATION_LIMITS = {
  years: 100,
  months: 1200,
  weeks: 5300,
  days: 36_600,
  hours: 878_400,
  minutes: 52_704_000,
  seconds: 3_162_240_000,
};

/** How long a credential is valid. */
export const duration = z
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

/** Of a credential's type, whatever its format calls it. */
export const typeName = z
  .string()
  .min(1)
  .max(1024)
  .refine((value) => value !== 'VerifiableCredential', { message: 'must not be VerifiableCredential' })
  .refine((value) => value.trim() === value && !/[\u0000-\u001f\u007f]/.test(value), {
    message: 'must not begin or end with white space, nor hold control characters',
  });

const triggers = z.enum(['credential_deleted', 'withdrawn', 'unacknowledged', 'user_deleted']);

/** What revokes credentials by itself, and whether they can be suspended. */
export const statusPolicy = z
  .strictObject({
    suspendable: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether credentials can be suspended. Fixed once lists are in use.' }),
    revokeOn: z
      .array(triggers)
      .max(4)
      .default([])
      .refine((values) => new Set(values).size === values.length, { message: 'has an entry twice' })
      .meta({ description: 'What revokes a credential by itself, beside the call.' }),
  })
  .meta({ id: 'StatusPolicy' });

/** What configurations of every profile have. */
export const commonMembers = {
  claimSourceId: z.uuid('must be the id of a claims source').optional(),
  branding: branding.optional(),
  display: display.optional(),
};

function part(unit: keyof typeof DURATION_LIMITS) {
  return z.int().min(0).max(DURATION_LIMITS[unit]).optional();
}

/** A non-empty array with one entry per language, and at most one for all others (MET-09). */
export function oneByLocale<S extends z.ZodType<{ locale?: string | undefined }>>(entry: S) {
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
