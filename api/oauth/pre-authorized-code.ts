import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import type { TransactionCodeDocument } from '../../store/documents.js';

interface Session {
  readonly ring: KeyEncryptionRing;
  readonly issuerId: string;
  readonly sessionId: string;
  /** Name of the key-encryption key the offer was made under. */
  readonly codeKey: string;
}

/**
 * The pre-authorized code of a session, `<sessionId>.<secret>`: it finds its own issuance.
 *
 * It is derived and not stored, so a repeated creation gives the same offer and the database holds no code.
 */
export function preAuthorizedCode(session: Session): string {
  return `${session.sessionId}.${derive(session, 'pre-authorized-code').toString('base64url')}`;
}

/** The id in the URL of an offer by reference, `<sessionId>.<secret>`: a bearer secret apart from the code (OFR-12). */
export function offerReference(session: Session): string {
  return `${session.sessionId}.${derive(session, 'offer-reference').subarray(0, 16).toString('base64url')}`;
}

/** Whether the reference is the one this session's offer was given out under. */
export function isOfferReference(session: Session, reference: string): boolean {
  const expected = Buffer.from(offerReference(session));
  const given = Buffer.from(reference);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

const TEXT_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '0123456789';

/** The transaction code of a session: always a string, since zeros may lead. */
export function transactionCode(session: Session, { inputMode, length }: TransactionCodeDocument): string {
  const alphabet = inputMode === 'numeric' ? DIGITS : TEXT_ALPHABET;
  const limit = 256 - (256 % alphabet.length);
  let code = '';
  for (let block = 0; code.length < length; block += 1) {
    for (const byte of derive(session, `transaction-code/${block}`)) {
      // Bytes past the last whole multiple would make some characters likelier than others.
      if (byte < limit && code.length < length) code += alphabet.charAt(byte % alphabet.length);
    }
  }
  return code;
}

/** Keyed hash of a transaction code: a plain hash of so few digits could be guessed from the history. */
export function transactionCodeHash(session: Omit<Session, 'codeKey'>, code: string): string {
  return createHmac('sha256', session.ring.subkey('transaction-code-hash'))
    .update(`${session.issuerId}\0${session.sessionId}\0${code}`)
    .digest('base64url');
}

/** SHA-256 of a code's secret, base64url: all that the workflow ever learns of it. */
export function codeHash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

const ROUTED = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{16,128})$/;

/** Splits a self-routing code; `undefined` for anything that cannot be one of ours. */
export function parseRoutedCode(code: string): { sessionId: string; secret: string } | undefined {
  const [, sessionId, secret] = ROUTED.exec(code) ?? [];
  return sessionId === undefined || secret === undefined ? undefined : { sessionId, secret };
}

function derive({ ring, issuerId, sessionId, codeKey }: Session, purpose: string): Buffer {
  return createHmac('sha256', ring.subkey('offer-codes', codeKey)).update(`${purpose}\0${issuerId}\0${sessionId}`).digest();
}
