/** Marks a place where a test may kill something. Does nothing unless the configuration names the place. */
export type ReachFaultPoint = (place: string) => Promise<void>;

/**
 * Reads `FAULT_POINT` (tests only): `<place>` kills this process with SIGKILL when it gets there; `<place>@<url>` calls
 * the URL once and waits for its answer, so that the test can kill another process in that very moment; `*@<url>` calls
 * `<url>/<place>` at every place, each time.
 */
export function createFaultPoint(setting: string | undefined): ReachFaultPoint {
  if (setting === undefined) return () => Promise.resolve();
  const [place, url] = setting.split('@', 2);
  if (place === '*' && url !== undefined) return (here) => call(`${url}/${here}`);
  let reached = false;
  return async (here) => {
    if (here !== place || reached) return;
    reached = true;
    if (url === undefined) {
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
    } else await call(url);
  };
}

async function call(url: string): Promise<void> {
  await fetch(url, { method: 'POST' });
}
