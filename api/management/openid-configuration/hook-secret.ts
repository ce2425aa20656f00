import { randomBytes } from 'node:crypto';
import { openEnvelope, sealEnvelope } from '../../../keys/envelope.js';
import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import type { InteractionHookDocument } from '../../../store/documents.js';
import { hookSecretContext } from '../../../store/openid-configuration.js';

type Secrets = Pick<InteractionHookDocument, 'secret' | 'previous'>;

const SECRET_BYTES = 32;

interface Rotation {
  readonly rotateSecret: boolean;
  /** Seconds. */
  readonly secretOverlapInSec: number;
}

/**
 * The secrets of a hook about to be stored: those of the hook before it, or new ones where there was none or a new one is
 * asked for. Only one secret before the present one is ever accepted.
 *
 * @param options.now milliseconds since the epoch
 */
export function nextHookSecrets({
  current,
  rotation: { rotateSecret, secretOverlapInSec },
  issuerId,
  ring,
  now,
}: {
  current: InteractionHookDocument | undefined;
  rotation: Rotation;
  issuerId: string;
  ring: KeyEncryptionRing;
  now: number;
}): Secrets {
  if (current !== undefined && !rotateSecret) {
    const { secret, previous } = current;
    return { secret, ...(previous === undefined || previous.until.getTime() <= now ? {} : { previous }) };
  }
  const secret = sealEnvelope({
    ring,
    value: randomBytes(SECRET_BYTES).toString('base64'),
    context: hookSecretContext(issuerId),
  });
  if (current === undefined || secretOverlapInSec === 0) return { secret };
  return { secret, previous: { secret: current.secret, until: new Date(now + 1000 * secretOverlapInSec) } };
}

/** The secret in clear: base64 of 32 bytes. */
export function shownHookSecret(ring: KeyEncryptionRing, issuerId: string, { secret }: Secrets): string {
  return openEnvelope({ ring, envelope: secret, context: hookSecretContext(issuerId) }) as string;
}
