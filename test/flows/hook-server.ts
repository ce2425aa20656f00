import { startInteractionHook } from '../../scripts/demo/interaction-hook.js';
import { ManagementClient } from '../api/management/management-client.js';
import type { CodeIssuer } from './authorization-server.js';
import { HolderBrowser, locationOf } from './holder-browser.js';

/** The interaction hook of the demo, set as the issuer's: what the tests need of it. */
export class TestHook {
  private constructor(
    readonly url: string,
    readonly stop: () => Promise<void>,
    readonly configure: (more: Readonly<Record<string, unknown>>) => Promise<void>,
  ) {}

  /** Starts it, and sets it as the issuer's hook: for the whole issuer, so that the system is to be the file's own. */
  static async start({ system }: Pick<CodeIssuer, 'system'>): Promise<TestHook> {
    let secret: string | undefined;
    const server = await startInteractionHook({ port: 0, issuerUrl: system.url, secret: () => secret });
    const api = await ManagementClient.admin(system);
    const configure = async (more: Readonly<Record<string, unknown>>): Promise<void> => {
      const interactionHook = { url: server.url, claims: ['given_name', 'family_name'], ...more };
      const answer = await api.put('/v1/openid/configuration', { interactionHook });
      if (answer.status !== 200) throw new Error(`the hook was not set: ${answer.text}`);
      ({ secret } = answer.json.interactionHook as { secret: string });
    };
    await configure({});
    return new TestHook(server.url, () => server.stop(), configure);
  }

  /** Confirms on the hook's page; gives where the browser is sent back to. */
  async confirm(url: string, department = 'Research'): Promise<string> {
    if (!url.startsWith(this.url)) throw new Error(`the browser did not come to the hook, but to ${url}`);
    const browser = new HolderBrowser();
    const token = new URL(url).searchParams.get('session_token') ?? '';
    return locationOf(await browser.post(`${this.url}/decision`, { session_token: token, decision: 'confirm', department }));
  }
}
