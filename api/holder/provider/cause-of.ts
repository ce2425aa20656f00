const MOST_CAUSES = 10;

/** The first error of a class among an error and its causes: libraries wrap what the `fetch` given to them throws. */
export function causeOf<E extends Error>(error: unknown, type: abstract new (...args: never[]) => E): E | undefined {
  let cause = error;
  for (let depth = 0; depth < MOST_CAUSES && cause instanceof Error; depth += 1) {
    if (cause instanceof type) return cause;
    cause = cause.cause;
  }
  return undefined;
}
