import { startDemoServices } from './demo/services.js';
import { setupSentence } from './engines/setup-error.js';
import { loadEnvFile } from './start/env-file.js';

/*
 * The services of others that an authorization code flow needs, for the demo: an OpenID Connect provider where anybody
 * logs in as anybody, an interaction hook, a claims source. Never for production.
 */
async function run(): Promise<void> {
  loadEnvFile();
  const servers = await startDemoServices(process.env);
  const stop = () => void Promise.all(servers.map((server) => server.stop())).then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  console.log(
    `Demo provider, interaction hook and claims source: ${servers
      .map(({ url }) => url)
      .reverse()
      .join(', ')}`,
  );
}

await run().catch((error: unknown) => {
  console.error(setupSentence(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)));
  process.exit(1);
});
