import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../api/issuance-client.js';
import { locateTemporal } from '../../scripts/engines/locate.js';
import { IssuerBackend } from '../flows/issuer-backend.js';
import { useSharedSystem } from '../harness/use-system.js';
import { documentedQueries } from './documented-queries.js';

const system = useSharedSystem();
let backend: IssuerBackend;
let offerId: string;

/** What the `temporal` tool prints. */
async function temporal(...args: readonly string[]): Promise<string> {
  const { temporalAddress, namespace } = system();
  const all = [...args, '--address', temporalAddress, '--namespace', namespace];
  return (await promisify(execFile)(await locateTemporal(), all)).stdout;
}

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  offerId = (await backend.offer([await backend.configuration()])).id;
});

describe('the temporal tool', () => {
  it.each(documentedQueries())('understands the query of $title', async ({ query }) => {
    await expect(temporal('workflow', 'list', '--query', query)).resolves.toBeDefined();
  });

  it('finds an offer by the documented query', async () => {
    const { query = '' } = documentedQueries().find(({ title }) => title === 'One offer') ?? {};
    const find = () => temporal('workflow', 'list', '--query', query.replaceAll('AAAAAAAAAAAAAAAAAAAAAA', offerId));
    await expect.poll(find, { timeout: 10_000 }).toContain(workflowIdOf({ issuerId: 'default', sessionId: offerId }));
  });

  it('reads payloads through the codec server with a management token, and without one reads none', async () => {
    const show = ['workflow', 'show', '--detailed', '--workflow-id', workflowIdOf({ issuerId: 'default', sessionId: offerId })];
    const codec = ['--codec-endpoint', `${system().url}/v1/temporal/codec`];
    expect(await temporal(...show, ...codec, '--codec-auth', `Bearer ${backend.session.token}`)).toContain(
      'transactionCodeAttempts',
    );
    expect(await temporal(...show)).not.toContain('transactionCodeAttempts');
  });
});
