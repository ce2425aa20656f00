import { EncryptionCodec } from '../../worker/payload-codec.js';
import type { ClientDocument } from '../../store/documents.js';
import type { ApiContext } from '../context.js';
import { ClientAuthentication } from '../management/client-authentication.js';
import { AttemptLimit } from './attempt-limit.js';
import { CodecCookies } from './cookies.js';

const ATTEMPTS_WINDOW_MS = 900_000;
const ATTEMPTS_PER_ADDRESS = 10;
const ATTEMPTS_PER_CLIENT = 100;

/** Roles whose clients may read what Temporal stores. */
export const READING_ROLES = ['admin', 'issuer', 'auditor'] as const;

export function mayRead({ roles }: ClientDocument): boolean {
  return roles.some((role) => READING_ROLES.some((reading) => reading === role));
}

/** Who reads: a management client, within its issuer. */
export interface Reader {
  readonly clientId: string;
  readonly issuerId: string;
}

/** What the codec server's endpoints share. */
export interface CodecServices {
  readonly context: ApiContext;
  readonly codec: EncryptionCodec;
  readonly clients: ClientAuthentication;
  readonly cookies: CodecCookies;
  readonly loginUrl: string;
  readonly logoutUrl: string;
  /** What operators enter as endpoint in Temporal UI. */
  readonly codecUrl: string;
  /** The only origin that may use a login. */
  readonly uiOrigin: string;
  readonly attemptsPerAddress: AttemptLimit;
  readonly attemptsPerClient: AttemptLimit;
}

export function createCodecServices(context: ApiContext): CodecServices {
  const { config, now, ring } = context;
  const codecUrl = `${config.PUBLIC_URL}/v1/temporal/codec`;
  return {
    context,
    codec: new EncryptionCodec(ring),
    clients: new ClientAuthentication(context),
    cookies: new CodecCookies(config.PUBLIC_URL),
    codecUrl,
    loginUrl: `${codecUrl}/login`,
    logoutUrl: `${codecUrl}/logout`,
    uiOrigin: new URL(config.TEMPORAL_UI_URL).origin,
    attemptsPerAddress: new AttemptLimit({ most: ATTEMPTS_PER_ADDRESS, windowMs: ATTEMPTS_WINDOW_MS, now }),
    attemptsPerClient: new AttemptLimit({ most: ATTEMPTS_PER_CLIENT, windowMs: ATTEMPTS_WINDOW_MS, now }),
  };
}
