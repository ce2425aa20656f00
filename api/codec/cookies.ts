import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { soleCookie } from '../http/sole-cookie.js';

/** Under which names and attributes the codec's cookies are kept: theirs alone, and never sent by other sites' pages. */
export class CodecCookies {
  readonly session: string;
  readonly form: string;
  readonly #secure: boolean;
  readonly #path: string;

  /** @param publicUrl under which browsers reach the API */
  constructor(publicUrl: string) {
    const url = new URL(publicUrl);
    this.#secure = url.protocol === 'https:';
    this.#path = `${url.pathname.replace(/\/$/, '')}/v1/temporal/codec`;
    const prefix = this.#secure ? '__Secure-' : '';
    this.session = `${prefix}chancery-codec`;
    this.form = `${prefix}chancery-codec-form`;
  }

  /** The cookie's value, where the request carries exactly one of that name. */
  read(request: IncomingMessage, name: string): string | undefined {
    return soleCookie(request, name);
  }

  /** @param maxAgeMs milliseconds */
  set(response: Response, { name, value, maxAgeMs }: { name: string; value: string; maxAgeMs: number }): void {
    response.cookie(name, value, { ...this.#attributes(), maxAge: maxAgeMs });
  }

  clear(response: Response, name: string): void {
    response.clearCookie(name, this.#attributes());
  }

  #attributes(): { httpOnly: true; sameSite: 'lax'; secure: boolean; path: string } {
    return { httpOnly: true, sameSite: 'lax', secure: this.#secure, path: this.#path };
  }
}
