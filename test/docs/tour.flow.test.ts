import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManagementSession } from '../../scripts/demo/management-session.js';
import { useSharedSystem } from '../harness/use-system.js';
import { run } from '../scripts/command.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const MARK = '=== next step ===';

/** The shell blocks of the tour, as written. */
function steps(): string[] {
  const [, tour = ''] = /^## A five-minute tour\n(.*?)^## /ms.exec(readme) ?? [];
  return [...tour.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block as string);
}

/** One shell runs them all, in a folder that looks like the one `npm start` ran in; each test reads what its step printed. */
describe('the tour in the README', () => {
  const system = useSharedSystem();
  let folder = '';
  let printed: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chancery-tour-'));
    mkdirSync(join(folder, '.data'));
    writeFileSync(join(folder, '.data', 'admin-client.json'), JSON.stringify(system().admin));
    const script = steps()
      .map((block) => `${block.replaceAll('http://localhost:3000', system().url)}\necho '${MARK}'\n`)
      .join('');
    const { output } = await run(['sh', '-ec', script], { cwd: folder });
    printed = output.split(`${MARK}\n`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const json = (step: number) => JSON.parse(printed[step] ?? '') as Record<string, unknown>;

  it('runs to its end', () => {
    expect(steps().length).toBeGreaterThan(6);
    expect(printed).toHaveLength(steps().length + 1);
    expect(printed.at(-1)).toBe('');
  });

  it('logs in without a word', () => {
    expect(printed[0]).toBe('');
  });

  it('creates a configuration', () => {
    expect(printed[1]).toMatch(/^[0-9a-f-]{36}\n$/);
  });

  it('creates an offer', () => {
    expect(json(2)).toMatchObject({
      id: expect.any(String) as string,
      uri: expect.stringMatching(/^openid-credential-offer:/) as string,
    });
  });

  it('redeems it', () => {
    expect(printed[3]).toBe('');
  });

  it('collects the credential and shows what its holder may withhold', () => {
    expect(printed[4]).toMatch(/"name","Hana Ruru"/);
    expect(printed[4]).not.toMatch(/0042/);
  });

  it('confirms it', () => {
    expect(printed[5]).toBe('204\n');
  });

  it('sees the issuance accepted, here and in Temporal UI', async () => {
    expect(field(6, 'id')).toBe(json(2).id);
    await expect.poll(() => outcomeOf(field(6, 'id')), { timeout: 15_000 }).toBe('accepted');
    expect((await fetch(field(6, 'temporalUi'))).status).toBe(200);
    const workflowId = decodeURIComponent(field(6, 'temporalUi').split('/').at(-1) ?? '');
    expect((await system().temporal.workflow.getHandle(workflowId).describe()).type).toBe('issuance');
  });

  it('withdraws another', async () => {
    expect(printed[7]).toMatch(/^204\n/);
    expect(field(7, 'id')).not.toBe(json(2).id);
    await expect.poll(() => outcomeOf(field(7, 'id')), { timeout: 15_000 }).toBe('withdrawn');
  });

  /** A field of an object as Node.js prints it. */
  function field(step: number, name: string): string {
    return new RegExp(`\\b${name}: '([^']+)'`).exec(printed[step] ?? '')?.[1] ?? '';
  }

  /** The outcome, which the workflow notes a moment after the request that brought it about. */
  async function outcomeOf(offerId: string): Promise<unknown> {
    const session = await ManagementSession.open({ url: system().url, ...system().admin });
    return ((await session.get(`/v1/openid/offers/pre-authorized/${offerId}`)) as { outcome?: string }).outcome;
  }
});
