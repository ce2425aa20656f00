import { randomBytes } from 'node:crypto';
import { hashClientSecret } from '../../../store/client-secret.js';

const SECRET_BYTES = 32;

/** A client's secret as its record has it from now on; `clientSecret` only where it is a new one. */
export interface WalletClientSecret {
  readonly clientSecret?: string;
  readonly secretHash?: string;
}

/** The secret that goes with a way to authenticate: the one there is, or a new one (256 random bits, base64url). */
export async function secretFor(
  tokenEndpointAuthMethod: string,
  { current, rotate = false }: { current?: string | undefined; rotate?: boolean } = {},
): Promise<WalletClientSecret> {
  if (tokenEndpointAuthMethod !== 'client_secret_basic') return {};
  if (current !== undefined && !rotate) return { secretHash: current };
  const clientSecret = randomBytes(SECRET_BYTES).toString('base64url');
  return { clientSecret, secretHash: await hashClientSecret(clientSecret) };
}
