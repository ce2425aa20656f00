import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { formatOf } from '../../../credentials/formats.js';
import type { CredentialSigners } from '../../../keys/credential-signers.js';
import type { CredentialConfigurationDocument } from '../../../store/configuration-documents.js';
import { median } from '../statistics.js';
import { CLAIMS, CONTEXTS, SAMPLES } from './samples.js';
import { freshSigners, ISSUER } from './signers.js';

/** What one format costs: building, signing and checking one credential, one after another in one process. */
export interface FormatCost {
  readonly name: string;
  /** Credentials a second, the middle of the rounds. */
  readonly perSecond: number;
  /** Processor milliseconds a credential, all threads of the process. */
  readonly cpuMs: number;
  /** Of the credential as the credential response has it. */
  readonly bytes: number;
  /** Throughput against the first format's. */
  readonly ratio: number;
}

const ROUNDS = 5;
const WARM_UP = 100;

/**
 * Measures every format side by side: in each round each gets its turn.
 *
 * @param perRound credentials of each format a round
 */
export async function measureFormats(perRound: number): Promise<readonly FormatCost[]> {
  const now = Date.now();
  const signers = await freshSigners(now);
  const rates = SAMPLES.map(() => [] as number[]);
  const cpu = SAMPLES.map(() => [] as number[]);
  const bytes: number[] = [];
  for (const [index, [, configuration]] of SAMPLES.entries())
    bytes[index] = sizeOf(await issueMany(configuration, { signers, now, count: WARM_UP }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, [, configuration]] of SAMPLES.entries()) {
      const [before, started] = [process.cpuUsage(), process.hrtime.bigint()];
      await issueMany(configuration, { signers, now, count: perRound });
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const { user, system } = process.cpuUsage(before);
      rates[index]?.push(perRound / seconds);
      cpu[index]?.push((user + system) / 1000 / perRound);
    }
  }
  const first = median(rates[0] ?? []);
  return SAMPLES.map(([name], index) => ({
    name,
    perSecond: median(rates[index] ?? []),
    cpuMs: median(cpu[index] ?? []),
    bytes: bytes[index] ?? 0,
    ratio: median(rates[index] ?? []) / first,
  }));
}

async function issueMany(
  configuration: CredentialConfigurationDocument,
  { signers, now, count }: { signers: CredentialSigners; now: number; count: number },
): Promise<unknown> {
  const format = formatOf(configuration);
  const {
    kty = '',
    crv = '',
    x = '',
    y = '',
  } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const source = { claims: CLAIMS };
  const { claims } = format.mapClaims({ configuration, source });
  const common = { configuration, claims, source, signers, now, contexts: CONTEXTS, issuer: { identifier: ISSUER } };
  let credential: unknown;
  for (let done = 0; done < count; done += 1) {
    const holderKey = configuration.holderBinding ? { kty, crv, x, y } : null;
    ({ credential } = await format.issue({ ...common, holderKey, credentialId: randomUUID() }));
  }
  return credential;
}

function sizeOf(credential: unknown): number {
  return Buffer.byteLength(typeof credential === 'string' ? credential : JSON.stringify(credential));
}

/** The costs as Markdown, for the terminal and for docs/performance.md. */
export function formatTable(costs: readonly FormatCost[]): string {
  const rows = costs.map(
    ({ name, perSecond, cpuMs, bytes, ratio }) =>
      `| ${name} | ${perSecond.toFixed(0)} | ${ratio.toFixed(2)} | ${cpuMs.toFixed(2)} | ${String(bytes)} |`,
  );
  const heads = '| format | credentials a second | against the first | CPU ms each | bytes |';
  return [heads, '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
