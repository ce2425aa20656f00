import { spawn } from 'node:child_process';
import { beforeAll } from 'vitest';
import { ensurePythonVerifiers } from '../../scripts/check/python-verifiers.js';

/** A Python script that reads one JSON value from its input and writes one to its output. */
export type PythonVerifier = (input: unknown) => Promise<unknown>;

const PATIENCE_MS = 30_000;

/**
 * A verifier that shares no code with the issuer, in the Python environment of scripts/verifiers-requirements.txt. Call it
 * at the top of a test file. A script that fails rejects with what it wrote to its error output.
 *
 * @param script its file, e.g. `fileURLToPath(new URL('verify_cwt.py', import.meta.url))`
 */
export function usePythonVerifier(script: string): PythonVerifier {
  let python: string | undefined;
  beforeAll(async () => {
    python = await ensurePythonVerifiers({ progress: console.log });
  }, 300_000);
  return (input) => {
    if (python === undefined) throw new Error('the verifier runs only inside tests and hooks');
    return runScript(python, { script, input });
  };
}

async function runScript(python: string, { script, input }: { script: string; input: unknown }): Promise<unknown> {
  // Without bytecode: nothing is written beside the tests.
  const child = spawn(python, ['-B', script], { stdio: ['pipe', 'pipe', 'pipe'], timeout: PATIENCE_MS });
  const [output, errors] = [textOf(child.stdout), textOf(child.stderr)];
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // A script that ends before it has read everything tells why in its error output.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(input));
  const code = await ended;
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}: ${await errors}`);
  return JSON.parse(await output);
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
