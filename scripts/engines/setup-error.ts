/** Set-up cannot go on. The message is one sentence for the person at the terminal: what is wrong and what to do. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** The sentence for a failure that the person at the terminal can mend; `undefined` for a fault of ours. */
export function setupSentence(error: unknown): string | undefined {
  if (error instanceof SetupError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return undefined;
  return `${path} cannot be used (${code}): see to its permissions and to the space on its disk, and try again.`;
}
