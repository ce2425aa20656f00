import { randomBytes } from 'node:crypto';

const SHAPE = /^[A-Za-z0-9_-]{22}$/;

/** A random name for a browser, to bind its forms and sessions to; kept in a cookie. 128 bits, base64url. */
export function newBrowserId(): string {
  return randomBytes(16).toString('base64url');
}

/** Whether a cookie's value can be one of `newBrowserId`. */
export function isBrowserId(value: string | undefined): value is string {
  return value !== undefined && SHAPE.test(value);
}
