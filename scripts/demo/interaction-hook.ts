import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readForm, startDemoServer, type DemoServer } from './demo-server.js';
import { confirmPage, DEPARTMENTS, hookFaultPage, waitingPage, type WaitingDecision } from './hook-pages.js';
import { answerToken, readSessionToken, type HookAnswer, type HookSession } from './hook-token.js';
import { sendPage } from './page.js';

interface InteractionHookOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** The issuer's public URL. */
  readonly issuerUrl: string;
  /** The secret that the issuer made for the hook (base64), as it is at present; `undefined` as long as nobody told it. */
  readonly secret: () => string | undefined;
}

interface Waiting extends WaitingDecision {
  readonly session: HookSession;
}

const MOST_WAITING = 100;
const RESULT_PATH = '/v1/openid/interaction/result';

/** Starts an interaction hook for the demo: confirms, refuses, or decides later what the issuer asks. */
export function startInteractionHook({ port, issuerUrl, secret }: InteractionHookOptions): Promise<DemoServer> {
  return startDemoServer({
    port,
    serve: (hookUrl) => {
      const hook = new InteractionHook({ hookUrl, issuerUrl, secret });
      return (request, response) => void hook.serve(request, response);
    },
  });
}

class InteractionHook {
  readonly #options: { hookUrl: string; issuerUrl: string; secret: () => string | undefined };
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: { hookUrl: string; issuerUrl: string; secret: () => string | undefined }) {
    this.#options = options;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#options.hookUrl);
    try {
      const token = url.searchParams.get('session_token');
      const [, id] = /^\/waiting\/([\w-]{1,40})$/.exec(url.pathname) ?? [];
      if (request.method === 'POST' && url.pathname === '/decision') await this.#decide(await readForm(request), response);
      else if (request.method === 'POST' && id !== undefined) await this.#decideLater(id, await readForm(request), response);
      else if (request.method !== 'GET' || url.pathname !== '/') sendPage(response, 404, hookFaultPage('There is no such page.'));
      else if (token === null) sendPage(response, 200, waitingPage([...this.#waiting.values()]));
      else await this.#ask(token, response);
    } catch {
      sendPage(response, 400, hookFaultPage('The session token is not the issuer’s, is for another hook, or its time is over.'));
    }
  }

  async #ask(token: string, response: ServerResponse): Promise<void> {
    const session = await this.#read(token, response);
    if (session !== undefined) sendPage(response, 200, confirmPage({ token, who: nameOf(session) }));
  }

  async #decide(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const session = await this.#read(form.get('session_token') ?? '', response);
    const answer = this.#answerTo(form);
    if (session === undefined) return;
    if (answer === undefined) {
      sendPage(response, 400, hookFaultPage('Confirm, refuse, or decide later.'));
      return;
    }
    if ('status' in answer) this.#keep(session, departmentOf(form));
    const url = new URL(session.redirectUrl);
    url.searchParams.set('session_token', await this.#sign(answer, session));
    response.writeHead(303, { location: url.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
  }

  async #decideLater(id: string, form: URLSearchParams, response: ServerResponse): Promise<void> {
    const decision = this.#waiting.get(id);
    if (decision === undefined) {
      sendPage(response, 404, waitingPage([...this.#waiting.values()], 'It is decided already.'));
      return;
    }
    const isApproved = form.get('decision') === 'approve';
    const answer: HookAnswer = isApproved ? { claims: { department: decision.department } } : { error: 'access_denied' };
    const status = await this.#tell(await this.#sign(answer, decision.session));
    if (status >= 200 && status < 300) this.#waiting.delete(id);
    const note =
      status === 0
        ? 'The issuer does not answer: try again.'
        : status < 300
          ? `The issuer was told: ${isApproved ? 'approved' : 'refused'}.`
          : `The issuer does not accept it (${status}).`;
    sendPage(response, 200, waitingPage([...this.#waiting.values()], note));
  }

  /** Tells the issuer, server to server. 0 where it does not answer. */
  async #tell(token: string): Promise<number> {
    try {
      const answer = await fetch(this.#options.issuerUrl + RESULT_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ session_token: token }),
        signal: AbortSignal.timeout(10_000),
      });
      await answer.body?.cancel();
      return answer.status;
    } catch {
      return 0;
    }
  }

  /** The session; where there is no secret yet, says so and gives `undefined`. */
  async #read(token: string, response: ServerResponse): Promise<HookSession | undefined> {
    const secret = this.#options.secret();
    if (secret !== undefined) return readSessionToken(token, { ...this.#options, secret });
    sendPage(response, 503, hookFaultPage('The issuer’s secret is not known here yet: try again when the demo is set up.'));
    return undefined;
  }

  #sign(answer: HookAnswer, session: HookSession): Promise<string> {
    const { issuerUrl, secret } = this.#options;
    return answerToken(answer, { session, issuerUrl, secret: secret() ?? '' });
  }

  #answerTo(form: URLSearchParams): HookAnswer | undefined {
    const decision = form.get('decision');
    if (decision === 'confirm') return { claims: { department: departmentOf(form) } };
    if (decision === 'refuse') return { error: 'access_denied' };
    return decision === 'later' ? { status: 'pending' } : undefined;
  }

  #keep(session: HookSession, department: string): void {
    // Whoever puts it off twice, by going back, waits once.
    for (const [id, waiting] of this.#waiting) if (waiting.session.state === session.state) this.#waiting.delete(id);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size >= MOST_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
    const id = randomBytes(12).toString('base64url');
    this.#waiting.set(id, { id, session, department, who: nameOf(session) });
  }
}

function departmentOf(form: URLSearchParams): string {
  const given = form.get('department') ?? '';
  return DEPARTMENTS.includes(given) ? given : (DEPARTMENTS[0] ?? '');
}

function nameOf({ claims }: HookSession): string {
  const parts = [claims.given_name, claims.family_name].filter((part) => typeof part === 'string');
  return parts.length === 0 ? 'Somebody' : parts.join(' ');
}
