import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { isBrowserId, newBrowserId } from './browser-id.js';
import { soleCookie } from './sole-cookie.js';

/**
 * The cookie that names a browser for the holder's pages, so that a session goes on only where it was begun. It lasts
 * until the browser is closed, is sent over https alone where there is https, and never with other sites' forms.
 */
export class BrowserCookie {
  readonly name: string;
  readonly #secure: boolean;
  readonly #path: string;

  /** @param publicUrl under which browsers reach the API */
  constructor(publicUrl: string) {
    const { protocol, pathname } = new URL(publicUrl);
    this.#secure = protocol === 'https:';
    this.#path = pathname.replace(/(?<=.)\/$/, '');
    const prefix = this.#path === '/' ? '__Host-' : '__Secure-';
    this.name = `${this.#secure ? prefix : ''}chancery-browser`;
  }

  /** The browser's id, where the request carries exactly one that is well-formed. */
  read(request: IncomingMessage): string | undefined {
    const id = soleCookie(request, this.name);
    return isBrowserId(id) ? id : undefined;
  }

  /** The browser's id; a new one is set where the request carries none that is well-formed. Call it once per answer. */
  ensure(request: IncomingMessage, response: Response): string {
    const known = this.read(request);
    if (known !== undefined) return known;
    const id = newBrowserId();
    response.cookie(this.name, id, { httpOnly: true, sameSite: 'lax', secure: this.#secure, path: this.#path });
    return id;
  }

  /** What is stored of an id: its SHA-256, base64url. */
  hashOf(id: string): string {
    return createHash('sha256').update(id).digest('base64url');
  }
}
