import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { holderScenarios } from '../test/workflows/holder-scenarios.js';
import { scenarioInput, scenarios, type Scenario } from '../test/workflows/scenarios.js';
import { locateTemporal } from './engines/locate.js';
import { FAILURE_CONVERTER_PATH } from '../worker/data-converter.js';
import type { issuance } from '../workflows/issuance.js';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.js';

/**
 * Records one history for every control-flow shape of the issuance workflow, against a real server.
 *
 * The committed histories stand for issuances that are running somewhere: when a change makes their replay fail, the
 * workflow needs `patched()`, not new histories. `npm run record-histories -- <name>...` records the named shapes only.
 */
const folder = fileURLToPath(new URL('../test/histories/', import.meta.url));
const path = await locateTemporal();

async function main(names: readonly string[]): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  await mkdir(folder, { recursive: true });
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, searchAttributes: [...SEARCH_ATTRIBUTES] },
    client: { dataConverter: { failureConverterPath: FAILURE_CONVERTER_PATH } },
  });
  try {
    for (const scenario of [...scenarios, ...holderScenarios].filter(({ name }) => names.length === 0 || names.includes(name))) {
      const file = `${folder}${scenario.name}.json`;
      await rm(file, { force: true });
      await writeFile(file, `${JSON.stringify(await record(environment, scenario), null, 1)}\n`);
      process.stdout.write(`recorded ${scenario.name}\n`);
    }
  } finally {
    await environment.teardown();
  }
}

async function record(environment: TestWorkflowEnvironment, scenario: Scenario): Promise<unknown> {
  const nothing = () => Promise.resolve();
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: scenario.name,
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    dataConverter: { failureConverterPath: FAILURE_CONVERTER_PATH },
    activities: { collectClaims: nothing, issueCredential: nothing, closeIssuance: nothing, ...scenario.activities },
  });
  return worker.runUntil(async () => {
    const input = scenarioInput(scenario);
    const handle = await environment.client.workflow.start<typeof issuance>('issuance', {
      workflowId: `iss:default:${input.sessionId}`,
      taskQueue: scenario.name,
      args: [input],
      // As the API starts it.
      startDelay: input.expiresAt - Date.now(),
      workflowTaskTimeout: '5s',
    });
    await scenario.drive(handle);
    await handle.result().catch(() => undefined);
    return JSON.parse(historyToJSON(await handle.fetchHistory())) as unknown;
  });
}

await main(process.argv.slice(2));
