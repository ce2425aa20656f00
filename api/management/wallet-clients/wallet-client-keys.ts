import { z } from 'zod';
import { importWalletKey, WalletKeyError } from '../../oauth/wallet-key.js';

const kid = z.string().min(1).max(256).meta({ description: "Names the key in the wallet's assertions." });

/** A key as it is kept and shown: nothing but what verifying takes. */
export const publicJwkSchema = z
  .strictObject({
    kty: z.enum(['EC', 'OKP']),
    crv: z.enum(['P-256', 'P-384', 'Ed25519']),
    x: z.string(),
    y: z.string().optional(),
    kid,
    alg: z.enum(['ES256', 'ES384', 'EdDSA']),
    use: z.literal('sig'),
  })
  .meta({ id: 'WalletClientKey' });

type PublicJwk = z.output<typeof publicJwkSchema>;

/** A public JWK with a `kid`, checked as a wallet's key; read, it has the shape of `publicJwkSchema`. */
export const signatureKey = z
  .looseObject({ kid })
  .transform((given, context): PublicJwk => {
    try {
      const { jwk, algorithm } = importWalletKey(given);
      return { ...jwk, kid: given.kid, alg: algorithm, use: 'sig' } as PublicJwk;
    } catch (error) {
      if (!(error instanceof WalletKeyError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  })
  .meta({ description: 'A public JWK. Members beyond those of the key itself are dropped.' });
