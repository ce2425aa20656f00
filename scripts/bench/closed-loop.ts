/** Notes that a step took `milliseconds`. */
export type RecordStep = (step: string, milliseconds: number) => void;

/** One issuance from beginning to end; throws when anything is not as it should be. */
export type RunIssuance = (record: RecordStep) => Promise<void>;

/** What a closed loop saw between warm-up and end. */
export interface LoopResult {
  /** Issuances completed within the window. */
  readonly completed: number;
  /** Length of the window, milliseconds. */
  readonly windowMs: number;
  /** Milliseconds of each completed step, and of whole issuances under `issuance`. */
  readonly durations: Readonly<Record<string, readonly number[]>>;
  /** Failures at any time, warm-up and tail included. */
  readonly errors: number;
  readonly firstError?: string;
}

interface ClosedLoop {
  /** How each wallet issues; called once for each of them. */
  readonly wallet: (index: number) => RunIssuance;
  readonly concurrency: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  /** Called when the window opens and when it closes. */
  readonly onWindow: (edge: 'opened' | 'closed') => void;
}

/** Keeps `concurrency` wallets busy, each with one issuance after another, and measures a window of that. */
export async function runClosedLoop({ wallet, concurrency, warmupMs, windowMs, onWindow }: ClosedLoop): Promise<LoopResult> {
  const durations: Record<string, number[]> = {};
  let measuring = false;
  let over = false;
  let completed = 0;
  let errors = 0;
  let firstError: string | undefined;
  const record: RecordStep = (step, milliseconds) => {
    // Begun before the window, so that steps are told in the order in which they come.
    const taken = (durations[step] ??= []);
    if (measuring) taken.push(milliseconds);
  };
  const loops = Array.from({ length: concurrency }, async (_, index) => {
    const run = wallet(index);
    while (!over) {
      const started = performance.now();
      try {
        await run(record);
        if (measuring) completed += 1;
        record('issuance', performance.now() - started);
      } catch (error) {
        errors += 1;
        firstError ??= error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      }
    }
  });
  await pause(warmupMs);
  measuring = true;
  const opened = performance.now();
  onWindow('opened');
  await pause(windowMs);
  measuring = false;
  const length = performance.now() - opened;
  onWindow('closed');
  over = true;
  await Promise.all(loops);
  return { completed, windowMs: length, durations, errors, ...(firstError === undefined ? {} : { firstError }) };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
