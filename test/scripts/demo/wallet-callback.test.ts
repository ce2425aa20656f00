import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WalletCallback } from '../../../scripts/demo/wallet-callback.js';

describe('the redirect URI of the demo’s wallet', () => {
  let callback: WalletCallback;
  beforeEach(async () => {
    callback = await WalletCallback.listen();
  });
  afterEach(() => callback.stop());

  const open = async (query: string) => {
    const page = await fetch(callback.redirectUri + query);
    return [page.status, await page.text()] as const;
  };

  it('takes the answer with the right state and says that the browser is done with', async () => {
    const answer = callback.answer({ state: 'mine', timeoutMs: 60_000 });
    expect(await open('?code=secret&state=mine')).toEqual([
      200,
      expect.stringMatching(/Back in the wallet[^]*You can close this\./),
    ]);
    expect(await answer).toBe(`${callback.redirectUri}?code=secret&state=mine`);
  });

  it('turns other answers and repeats away, and goes on waiting', async () => {
    const answer = callback.answer({ state: 'mine', timeoutMs: 60_000 });
    for (const query of ['?code=x&state=other', '?code=x', '']) expect((await open(query))[0]).toBe(400);
    expect((await open('/more?state=mine'))[0]).toBe(404);
    expect(await open('?error=access_denied&state=mine')).toEqual([200, expect.stringContaining('No credential this time')]);
    expect(await answer).toContain('error=access_denied');
    expect((await open('?code=x&state=mine'))[0]).toBe(400);
  });

  it('gives up when nobody comes', async () => {
    await expect(callback.answer({ state: 'mine', timeoutMs: 20 })).rejects.toThrow(/^Nobody came back from the browser: /);
    expect((await open('?code=x&state=mine'))[0]).toBe(400);
  });
});
