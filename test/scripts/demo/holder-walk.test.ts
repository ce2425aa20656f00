import { afterEach, describe, expect, it } from 'vitest';
import { readForm, startDemoServer, type DemoServer } from '../../../scripts/demo/demo-server.js';
import { formWith } from '../../../scripts/demo/holder-form.js';
import { walkAsHolder } from '../../../scripts/demo/holder-walk.js';
import { DEMO_PEOPLE } from '../../../scripts/demo/people.js';
import { freePort } from '../../../scripts/engines/ports.js';

const [account] = DEMO_PEOPLE;
const CONSENT = `<h1>Go on?</h1><form method="post" action="/next"><input type="hidden" name="request" value="a&amp;b">
<button class="button" type="submit" name="decision" value="continue">Go on</button></form>`;

describe('the holder’s way without a browser', () => {
  let issuer: DemoServer | undefined;
  afterEach(() => issuer?.stop());

  /** Shows the consent page and then what `next` says; tells what it was sent. */
  async function walk(next: { location?: string; page?: string }) {
    const sent: [cookie: string | undefined, form: string][] = [];
    const steps: string[] = [];
    issuer = await startDemoServer({
      port: 0,
      serve: () => async (request, response) => {
        if (request.method === 'POST') sent.push([request.headers.cookie, (await readForm(request)).toString()]);
        if (request.url === '/') response.writeHead(200, { 'set-cookie': 'browser=1; Path=/; HttpOnly' }).end(CONSENT);
        else if (next.location !== undefined) response.writeHead(303, { location: next.location }).end();
        else response.end(next.page);
      },
    });
    const onStep = (step: string) => void steps.push(step);
    const way = walkAsHolder({ url: `${issuer.url}/`, redirectUri: 'http://127.0.0.1/callback', account: account!, onStep });
    return { sent, steps, back: await way.catch((error: unknown) => error) };
  }

  it('ends at the wallet’s redirect URI, which it does not open', async () => {
    const { sent, steps, back } = await walk({ location: 'http://127.0.0.1/callback?code=x' });
    expect(back).toBe('http://127.0.0.1/callback?code=x');
    expect(sent).toEqual([['browser=1', 'request=a%26b&decision=continue']]);
    expect(steps).toEqual(['consent page shown and agreed', 'holder back in the wallet']);
  });

  it.each([
    ['a page it does not know', { page: '<h1>Scan &amp; wait</h1>' }, /^The holder sees a page headed "Scan & wait" at http:/],
    ['a page that comes again', { page: CONSENT }, /^The holder sees a page headed "Go on\?" at http:/],
    ['something else', { page: '{}' }, /^The holder sees something that is no page at http:/],
    ['a circle', { location: '/next' }, /never comes back to the wallet\.$/],
  ])('ends at %s with a sentence', async (_what, next, said) => {
    expect((await walk(next)).back).toHaveProperty('message', expect.stringMatching(said));
  });

  it('ends where nothing answers', async () => {
    const nowhere = `http://localhost:${await freePort()}`;
    const { back } = await walk({ location: `${nowhere}/authorize` });
    expect(back).toHaveProperty('message', `The holder is sent to ${nowhere}, where nothing answers.`);
  });
});

describe('a form', () => {
  const page = `<form action="/a"><button name="decision" value="refuse">No</button></form>
<form method="post" action="/b?x=1&amp;y=2"><input type="hidden" name="token" value="&quot;t&quot;"><input type="text" name="note" value="n">
<select id="d" name="department"><option>R&amp;D</option><option>Logistics</option></select>
<button type="submit" name="decision" value="confirm">Yes</button></form>`;

  it('is the one with the button, filled as a browser would', () => {
    const form = formWith(page, { name: 'decision', value: 'confirm' });
    expect(form?.action).toBe('/b?x=1&y=2');
    expect([...(form?.fields ?? [])]).toEqual([
      ['token', '"t"'],
      ['department', 'R&D'],
      ['decision', 'confirm'],
    ]);
  });

  it('is none where nothing has the button', () => {
    expect(formWith(page, { name: 'decision', value: 'later' })).toBeUndefined();
    expect(formWith('<button name="decision" value="later">', { name: 'decision', value: 'later' })).toBeUndefined();
  });
});
