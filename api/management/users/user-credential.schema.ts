import { z } from 'zod';
import type { Exact } from '../validation.js';

const claimOrigin = z.enum(['user', 'authenticationProvider', 'interactionHook', 'offer', 'claimSource']);

/** What the issuer's signature of a mobile credential covers: digests, never values. */
const mobileParts = {
  devicePublicKey: z.record(z.string(), z.string()).meta({ description: 'Public JWK that it is bound to.' }),
  namespaces: z
    .record(z.string(), z.record(z.string(), z.strictObject({ digestID: z.int().min(0), digest: z.string() })))
    .meta({ description: 'By namespace and element; digests are base64url.' }),
  msoHash: z.string().meta({ description: 'SHA-256 of the mobile security object, base64url.' }),
};

/** What was issued by one credential request. */
export const userCredentialSchema = z
  .strictObject({
    id: z.uuid(),
    type: z.string().meta({ description: 'The `vct`, docType or type, as it was at issuance.' }),
    profile: z.enum(['sd-jwt', 'mobile', 'jwt', 'web-semantic', 'compact', 'compact-semantic']),
    sessionId: z.string().meta({ description: 'Also the id of the issuance in Temporal.' }),
    credentialConfigurationId: z.string(),
    count: z.int().min(1).meta({ description: 'Copies, each for a key of its own.' }),
    devicePublicKey: mobileParts.devicePublicKey.optional(),
    namespaces: mobileParts.namespaces.optional(),
    msoHash: mobileParts.msoHash.optional(),
    copies: z
      .array(z.strictObject(mobileParts))
      .optional()
      .meta({ description: 'Of a mobile credential in several copies: all of them, the first included.' }),
    issuedDate: z.iso.datetime(),
    validFrom: z.iso.datetime().optional(),
    validUntil: z.iso.datetime().optional(),
    offerId: z.string().meta({ description: 'The offer it came from; without one, the session.' }),
    status: z
      .enum(['valid', 'invalid', 'suspended'])
      .meta({ description: 'As status lists say. Its time may be over all the same: see `validUntil`.' }),
    claimOrigins: z
      .record(z.string(), claimOrigin)
      .optional()
      .meta({ description: 'Which source gave each top-level claim: names, never values.' }),
  })
  .meta({ id: 'UserCredential' });

export type UserCredentialView = Exact<z.output<typeof userCredentialSchema>>;
