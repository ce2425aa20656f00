import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { holderScenarios } from '../test/workflows/holder-scenarios.js';
import { scenarioInput, scenarios, type Scenario } from '../test/workflows/scenarios.js';
import { offerScenarioInput, offerScenarios, type OfferScenario } from '../test/workflows/offer-scenarios.js';
import { UPKEEP_INPUT, upkeepScenarios, type UpkeepScenario } from '../test/workflows/upkeep-scenarios.js';
import { locateTemporal } from './engines/locate.js';
import { FAILURE_CONVERTER_PATH } from '../worker/data-converter.js';
import { signerTaskQueue } from '../workflows/activity-types.js';
import type { issuance } from '../workflows/issuance.js';
import type { offer } from '../workflows/offer.js';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.js';

/**
 * Records one history for every control-flow shape of the workflows, against a real server.
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
    const wanted = ({ name }: { name: string }) => names.length === 0 || names.includes(name);
    for (const scenario of [...scenarios, ...holderScenarios].filter(wanted))
      await keep(scenario.name, await recordIssuance(environment, scenario));
    for (const scenario of offerScenarios.filter(wanted)) await keep(scenario.name, await recordOffer(environment, scenario));
    for (const scenario of upkeepScenarios.filter(wanted)) await keep(scenario.name, await recordUpkeep(environment, scenario));
  } finally {
    await environment.teardown();
  }
}

async function keep(name: string, history: unknown): Promise<void> {
  const file = `${folder}${name}.json`;
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify(history, null, 1)}\n`);
  process.stdout.write(`recorded ${name}\n`);
}

function createWorker(
  environment: TestWorkflowEnvironment,
  { name, activities }: Pick<Scenario | OfferScenario | UpkeepScenario, 'name' | 'activities'>,
  taskQueue = name,
) {
  const nothing = () => Promise.resolve();
  const none = {
    collectClaims: nothing,
    issueCredential: nothing,
    closeIssuance: nothing,
    setOfferState: nothing,
    endOfferSessions: nothing,
    publishStatusList: nothing,
    publishDueStatusLists: () => Promise.resolve({ published: 0, failed: 0 }),
    rotateCertificateSigners: nothing,
    signCrls: nothing,
  };
  return Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    dataConverter: { failureConverterPath: FAILURE_CONVERTER_PATH },
    activities: { ...none, ...activities },
  });
}

async function recordIssuance(environment: TestWorkflowEnvironment, scenario: Scenario): Promise<unknown> {
  const worker = await createWorker(environment, scenario);
  const signers = await createWorker(environment, scenario, signerTaskQueue(scenario.name));
  const drive = async () => {
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
    return historyOf(handle);
  };
  return signers.runUntil(() => worker.runUntil(drive));
}

async function recordOffer(environment: TestWorkflowEnvironment, scenario: OfferScenario): Promise<unknown> {
  const worker = await createWorker(environment, scenario);
  return worker.runUntil(async () => {
    const input = offerScenarioInput(scenario);
    const handle = await environment.client.workflow.start<typeof offer>('offer', {
      workflowId: `offer:default:${input.offerId}`,
      taskQueue: scenario.name,
      args: [input],
    });
    await scenario.drive(handle);
    return historyOf(handle);
  });
}

async function recordUpkeep(environment: TestWorkflowEnvironment, scenario: UpkeepScenario): Promise<unknown> {
  const worker = await createWorker(environment, scenario);
  return worker.runUntil(async () => {
    const handle = await environment.client.workflow.start(scenario.workflow, {
      workflowId: scenario.name,
      taskQueue: scenario.name,
      args: [UPKEEP_INPUT],
    });
    await scenario.drive(handle);
    return historyOf(handle);
  });
}

async function historyOf(handle: Pick<WorkflowHandle, 'result' | 'fetchHistory'>): Promise<unknown> {
  await handle.result().catch(() => undefined);
  return JSON.parse(historyToJSON(await handle.fetchHistory())) as unknown;
}

await main(process.argv.slice(2));
