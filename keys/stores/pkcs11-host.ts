import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KeyStoreError } from './key-store-error.js';
import { KEY_ABSENT, type Pkcs11Answer, type Pkcs11Request } from './pkcs11-messages.js';
import { within } from './within.js';

export interface Pkcs11HostOptions {
  /** Path of the module's shared library. */
  readonly module: string;
  /** Label of the token. */
  readonly token: string;
  readonly pin: string;
  /** How many signatures may be made at once. */
  readonly sessions: number;
  /** Milliseconds that each call may take, a start of the module included. */
  readonly timeoutMs: number;
}

type WithoutId<R> = R extends unknown ? Omit<R, 'id'> : never;
type Task = WithoutId<Exclude<Pkcs11Request, { task: 'open' }>>;

interface Running {
  readonly child: ChildProcess;
  readonly ask: (request: WithoutId<Pkcs11Request>) => Promise<Uint8Array>;
  readonly opened: Promise<unknown>;
  /** Whether it has done something already: then a fault may be that of a token which was changed under it. */
  hasServed: boolean;
}

const PROCESS = fileURLToPath(new URL('./pkcs11-process.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
/** Not for a vendor's native code. */
const OUR_SECRETS = /^(?:MASTER_KEY|ADMIN_CLIENT|MONGODB_URI|TEMPORAL_API_KEY|PKCS11_PIN|AWS_|AZURE_|GOOGLE_)/;
/** After which the same PIN is never tried again: a few wrong tries lock a token for good. */
const PIN_REFUSED = 'CKR_PIN_';

/**
 * Runs the PKCS #11 module in a process of its own, started at the first call, and again after every fault: that makes a
 * token which went and came back usable, and costs a hanging module its process rather than ours.
 */
export class Pkcs11Host {
  readonly #options: Pkcs11HostOptions;
  #running: Running | undefined;
  #refusal: string | undefined;
  #isClosed = false;

  constructor(options: Pkcs11HostOptions) {
    this.#options = options;
  }

  /**
   * @returns a raw signature, or the uncompressed point of a new public key
   * @throws {KeyStoreError}
   */
  async call(task: Task): Promise<Uint8Array> {
    return within({ store: 'pkcs11', timeoutMs: this.#options.timeoutMs }, async (signal) => {
      let running: Running | undefined;
      signal.addEventListener('abort', () => this.#discard(running));
      for (;;) {
        if (this.#refusal !== undefined) throw fault(`its PIN was refused (${this.#refusal}); mend it and start again`);
        if (this.#isClosed) throw fault('it is closed');
        running = this.#running ??= this.#start();
        const isOld = running.hasServed;
        try {
          await running.opened;
          const value = await running.ask(task);
          running.hasServed = true;
          return value;
        } catch (error) {
          const code = error instanceof Fault ? error.code : 'MODULE_FAULT';
          if (code === KEY_ABSENT) throw new KeyStoreError('pkcs11: the token has no such key', { storeIsDown: false });
          if (code.startsWith(PIN_REFUSED)) this.#refusal = code;
          this.#discard(running);
          if (!isOld || signal.aborted) throw fault(code);
        }
      }
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#discard(this.#running);
  }

  #discard(running: Running | undefined): void {
    if (running === undefined) return;
    if (this.#running === running) this.#running = undefined;
    running.child.kill('SIGKILL');
  }

  #start(): Running {
    const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !OUR_SECRETS.test(variable)));
    const child = fork(PROCESS, [], {
      execArgv: ['--import', TSX],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env,
    });
    const ask = asking(child);
    const { module, token, pin, sessions } = this.#options;
    const opened = ask({ task: 'open', module, token, pin, sessions });
    opened.catch(() => undefined);
    const running = { child, ask, opened, hasServed: false };
    child.once('exit', () => this.#discard(running));
    return running;
  }
}

class Fault extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

function fault(reason: string): KeyStoreError {
  return new KeyStoreError(`pkcs11 does not answer: ${reason}`, { storeIsDown: true });
}

/** Requests to a process, matched with its answers; all fail when it ends. */
function asking(child: ChildProcess): Running['ask'] {
  const pending = new Map<number, { resolve: (value: Uint8Array) => void; reject: (fault: Fault) => void }>();
  let lastId = 0;
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    for (const { reject } of pending.values()) reject(new Fault('MODULE_ENDED'));
    pending.clear();
  };
  child.once('error', end).once('exit', end);
  child.on('message', (answer: Pkcs11Answer) => {
    const asked = pending.get(answer.id);
    pending.delete(answer.id);
    if ('value' in answer) asked?.resolve(answer.value);
    else asked?.reject(new Fault(answer.code));
  });
  return (request) =>
    new Promise((resolve, reject) => {
      if (hasEnded) return reject(new Fault('MODULE_ENDED'));
      const id = (lastId += 1);
      pending.set(id, { resolve, reject });
      child.send({ ...request, id }, (error) => {
        if (error === null) return;
        pending.delete(id);
        reject(new Fault('MODULE_ENDED'));
      });
    });
}
