import type { Response } from 'express';
import { sanitizeDescription } from '../http/error-handler.js';

/** Where a wallet wants its answer. */
export interface ReturnAddress {
  readonly redirectUri: string;
  /** Sent back as it came, where it came. */
  readonly state?: string;
}

/** What a wallet is answered (RFC 6749 4.1.2). */
export type AuthorizationAnswer = { readonly code: string } | { readonly error: string; readonly error_description?: string };

/**
 * The URL that takes an answer to the wallet: `code` or `error`, `state` only where it was sent, and `iss` always
 * (AUT-12, RFC 9207). A query that the redirect URI has of its own is kept as it is (AUT-17).
 */
export function walletUrl({ redirectUri, state }: ReturnAddress, answer: AuthorizationAnswer, issuerIdentifier: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(answer))
    parameters.set(name, name === 'error_description' ? sanitizeDescription(value) : value);
  if (state !== undefined) parameters.set('state', state);
  parameters.set('iss', issuerIdentifier);
  const separator = !redirectUri.includes('?') ? '?' : redirectUri.endsWith('?') || redirectUri.endsWith('&') ? '' : '&';
  return `${redirectUri}${separator}${parameters.toString()}`;
}

/** Sends a browser on; never stored, and never as a repeat of a POST (BCP 240 4.12). */
export function sendTo(response: Response, url: string): void {
  // Not `redirect()`: it re-encodes what wallets compare byte for byte.
  response.status(303).set({ Location: url, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).end();
}
