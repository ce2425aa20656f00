import type { IncomingMessage, ServerResponse } from 'node:http';
import { startDemoServer, type DemoServer } from './demo-server.js';
import { sendPage } from './page.js';

const NOTICE = 'Demo wallet';

/** Nobody came back from the browser in time. */
export class NobodyCame extends Error {
  override readonly name = 'NobodyCame';
}

/** The wallet's redirect URI on the loopback address (RFC 8252 7.3), where a real browser brings the issuer's answer. */
export class WalletCallback {
  readonly #server: DemoServer;
  readonly redirectUri: string;
  #awaited: { readonly state: string; readonly arrived: (url: string) => void } | undefined;

  private constructor(server: DemoServer, redirectUri: string) {
    this.#server = server;
    this.redirectUri = redirectUri;
  }

  /** Listens on any free port. */
  static async listen(): Promise<WalletCallback> {
    const served: { callback?: WalletCallback } = {};
    const server = await startDemoServer({
      port: 0,
      serve: () => (request, response) => {
        served.callback?.serve(request, response);
      },
    });
    served.callback = new WalletCallback(server, `http://127.0.0.1:${server.port}/callback`);
    return served.callback;
  }

  /**
   * Waits for the answer to the request with this `state`; others are turned away.
   *
   * @returns the URL that the browser opened
   * @throws {NobodyCame}
   */
  async answer({ state, timeoutMs }: { state: string; timeoutMs: number }): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#awaited = undefined;
        reject(new NobodyCame('Nobody came back from the browser: run it again, and open the new link.'));
      }, timeoutMs);
      this.#awaited = {
        state,
        arrived: (url) => {
          clearTimeout(timer);
          resolve(url);
        },
      };
    });
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.redirectUri);
    const awaited = url.searchParams.get('state') === this.#awaited?.state ? this.#awaited : undefined;
    if (request.method !== 'GET' || url.pathname !== '/callback') {
      sendPage(response, 404, { title: 'Nothing here', notice: NOTICE, content: '<p>The wallet has no such page.</p>' });
    } else if (awaited === undefined) {
      const content = '<p>This answer is to another request, or to one that is over.</p>';
      sendPage(response, 400, { title: 'This is not for this wallet', notice: NOTICE, content });
    } else {
      this.#awaited = undefined;
      response.once('close', () => {
        awaited.arrived(url.href);
      });
      const hasCode = url.searchParams.has('code');
      const title = hasCode ? 'Back in the wallet' : 'No credential this time';
      sendPage(response, 200, { title, notice: NOTICE, content: '<p>You can close this. The terminal says how it goes on.</p>' });
    }
  }
}
