import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openGoogleKms } from '../../../keys/stores/google-kms.js';
import { failureOf } from './failure-of.js';
import { GoogleKmsStandIn } from './google-kms-stand-in.js';
import { keepsTheContract } from './store-contract.js';

describe('Google Cloud KMS', () => {
  const standIn = new GoogleKmsStandIn();
  const folder = mkdtempSync(join(tmpdir(), 'chancery-google-'));
  const open = ({ timeoutMs }: { timeoutMs: number }) =>
    openGoogleKms({
      keyRing: standIn.keyRing,
      endpoint: `http://127.0.0.1:${standIn.port}`,
      protectionLevel: 'HSM',
      timeoutMs,
    });
  const signInAs = (file: string, credentials: object) => {
    writeFileSync(join(folder, file), JSON.stringify(credentials));
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, file));
  };

  beforeAll(async () => {
    await standIn.start();
    signInAs('issuer.json', standIn.credentials);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    await standIn.stop();
  });

  keepsTheContract({
    standIn: () => standIn,
    open,
    algorithms: ['ES256', 'EdDSA'],
    secrets: () => ['of project stand-in', 'PRIVATE KEY'],
  });

  it('names a key by the resource name of its version, made in the HSM under a name that its operators read', async () => {
    const store = await open({ timeoutMs: 2000 });
    const { reference } = await store.generate({ algorithm: 'ES256', label: `chancery/${'x'.repeat(80)}` });
    expect(reference.key).toMatch(new RegExp(`^${standIn.keyRing}/cryptoKeys/chancery-x{41}-[0-9a-f]{12}/cryptoKeyVersions/1$`));
    expect(standIn.versions.get(reference.key)?.protectionLevel).toBe(2);
    await store.close();
  });

  it('without valid credentials is refused', async () => {
    signInAs('stranger.json', new GoogleKmsStandIn().credentials);
    const store = await open({ timeoutMs: 2000 });
    const failure = await failureOf(store.generate({ algorithm: 'ES256', label: 'a label' }));
    signInAs('issuer.json', standIn.credentials);
    expect(failure).toMatchObject({ retryable: true, storeIsDown: false });
    await store.close();
  });
});
