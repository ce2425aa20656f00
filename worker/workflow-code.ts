import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkerOptions } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from './data-converter.js';

/** Beside compiled sources (scripts/run.mjs): their folder is of these very sources and packages, and so is what is kept in it. */
const KEPT = import.meta.url.endsWith('.js') ? fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)) : undefined;

/** The workflows as Temporal runs them: bundled, which takes a second or two, or as they were bundled at an earlier start. */
export async function workflowCode(): Promise<NonNullable<WorkerOptions['workflowBundle']>> {
  if (KEPT !== undefined && existsSync(KEPT)) return { codePath: KEPT };
  const bundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: new DefaultLogger('WARN'),
  });
  if (KEPT !== undefined) await keep(bundle.code, KEPT).catch(() => undefined);
  return bundle;
}

/** Put in place as a whole: nobody finds half of it. */
async function keep(code: string, file: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, code);
  await rename(draft, file);
}
