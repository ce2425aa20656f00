import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { FAILURE_CONVERTER_PATH } from '../../worker/data-converter.js';
import { holderScenarios } from '../workflows/holder-scenarios.js';
import { offerScenarios } from '../workflows/offer-scenarios.js';
import { scenarios } from '../workflows/scenarios.js';
import { upkeepScenarios } from '../workflows/upkeep-scenarios.js';

const folder = new URL('../histories/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

function bundle(path: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(path, import.meta.url)),
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: new DefaultLogger('ERROR'),
  });
}

function replay(workflowBundle: WorkflowBundleWithSourceMap, name: string): Promise<void> {
  const history: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
  const dataConverter = { failureConverterPath: FAILURE_CONVERTER_PATH };
  return Worker.runReplayHistory({ workflowBundle, dataConverter }, history, `iss:default:${name}`);
}

describe('replay of committed histories', () => {
  let current: WorkflowBundleWithSourceMap;
  let changed: WorkflowBundleWithSourceMap;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
    current = await bundle('../../workflows/index.ts');
    changed = await bundle('./changed-workflow.ts');
  });

  it('has a history for every control-flow shape', () => {
    const shapes = [...scenarios, ...holderScenarios, ...offerScenarios, ...upkeepScenarios];
    expect([...names].sort()).toEqual(shapes.map(({ name }) => name).sort());
  });

  it.each(names)('%s goes the way it went', async (name) => {
    await expect(replay(current, name)).resolves.toBeUndefined();
  });

  it.each(names)('%s catches a changed workflow', async (name) => {
    await expect(replay(changed, name)).rejects.toThrow(DeterminismViolationError);
  });
});
