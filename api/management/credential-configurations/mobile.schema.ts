import { z } from 'zod';
import type { Exact } from '../validation.js';
import {
  commonMembers,
  description,
  duration,
  locale,
  name,
  oneByLocale,
  statusPolicy,
  typeName,
} from './configuration-members.schema.js';
import { addConfigurationFaults, addMappingFaults, EVEN_IF_FAULTY, MOBILE_VALUE_TYPES } from './mobile-faults.js';

const mapFrom = z.string().max(1024);

const mobileClaimMapping = z
  .strictObject({
    mapFrom: mapFrom.optional().meta({
      description: "Path into the claims: `claims.address.formatted`, `claims['https://example.com/name']`.",
      example: 'claims.given_name',
    }),
    defaultValue: z
      .unknown()
      .optional()
      .meta({ description: 'Used where the path gives nothing; alone, a value of every credential. Of the type in `type`.' }),
    required: z.boolean().optional().meta({ description: 'Without a value and default the issuance is refused. Default false.' }),
    type: z.enum(MOBILE_VALUE_TYPES).optional().meta({
      description:
        'How the value is written in CBOR; default `string`. `dateTime` takes a date-time of RFC 3339, `fullDate` a date, `bytes` base64, base64url or a data: URI.',
    }),
    display: oneByLocale(z.strictObject({ name, locale: locale.optional(), description: description.optional() })).optional(),
  })
  .meta({ id: 'MobileClaimMapping' });

const mappedTime = z
  .strictObject({ mapFrom })
  .meta({ id: 'MappedTime', description: 'Path to a date-time of RFC 3339, or a date: its first moment in UTC.' });

const members = {
  type: typeName.meta({ description: 'The docType; unique among the mobile configurations.', example: 'org.iso.18013.5.1.mDL' }),
  claimMappings: z
    .record(z.string(), z.record(z.string(), mobileClaimMapping))
    .superRefine(addMappingFaults, EVEN_IF_FAULTY)
    .meta({ description: 'By namespace, and in it by data element.' }),
  expiresIn: duration.meta({
    description:
      'Counted from the issuance, not from `validFrom`; unused where `validUntil` has a value. At most 427 days for driving licences (`org.iso.18013.5.*.mDL`), 3620 for others. No credential outlives the document signer.',
  }),
  validFrom: mappedTime.optional().meta({ description: 'From when a credential is valid, if not at once.' }),
  validUntil: mappedTime.optional().meta({ description: 'Until when, instead of `expiresIn`.' }),
  ...commonMembers,
  includeStatus: z.boolean().default(false).meta({ description: 'Whether credentials can be revoked. Default false.' }),
  statusPolicy: statusPolicy.optional(),
};

/** What creates a mobile configuration, or replaces one in full. */
export const mobileRequestSchema = z
  .strictObject(members)
  .superRefine(addConfigurationFaults, EVEN_IF_FAULTY)
  .meta({ id: 'MobileConfigurationRequest' });

export type MobileRequest = Exact<z.output<typeof mobileRequestSchema>>;

export const mobileSchema = z
  .strictObject({
    id: z.uuid().meta({ description: 'Also the `credential_configuration_id`.' }),
    ...members,
    includeStatus: z.boolean(),
  })
  .meta({ id: 'MobileConfiguration' });
