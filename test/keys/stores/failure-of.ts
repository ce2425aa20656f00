/** What a call failed with, which must not succeed. */
export async function failureOf(call: Promise<unknown>): Promise<Error> {
  let result: unknown;
  try {
    result = await call;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error(`it succeeded with ${typeof result}`);
}
