import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openAwsKms } from '../../../keys/stores/aws-kms.js';
import { AwsKmsStandIn } from './aws-kms-stand-in.js';
import { failureOf } from './failure-of.js';
import { keepsTheContract } from './store-contract.js';

describe('AWS KMS', () => {
  const standIn = new AwsKmsStandIn();
  const open = ({ timeoutMs }: { timeoutMs: number }) =>
    openAwsKms({ region: standIn.region, endpoint: `http://127.0.0.1:${standIn.port}`, timeoutMs });

  beforeAll(async () => {
    await standIn.start();
    vi.stubEnv('AWS_ACCESS_KEY_ID', standIn.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', standIn.secretAccessKey);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await standIn.stop();
  });

  keepsTheContract({
    standIn: () => standIn,
    open,
    algorithms: ['ES256', 'EdDSA'],
    secrets: () => [standIn.secretAccessKey, '111122223333'],
  });

  it('names a key by its ARN, and shows its label to operators', async () => {
    const store = await open({ timeoutMs: 2000 });
    const { reference } = await store.generate({ algorithm: 'ES256', label: 'a label' });
    expect(reference.key).toMatch(/^arn:aws:kms:eu-central-1:111122223333:key\//);
    expect(standIn.keys.get(reference.key)?.description).toBe('a label');
    await store.close();
  });

  it('refuses for good what is too long to be sent unhashed', async () => {
    const store = await open({ timeoutMs: 2000 });
    const key = await store.generate({ algorithm: 'EdDSA', label: 'a label' });
    const signer = store.signer({ ...key, algorithm: 'EdDSA', certificateChain: [] });
    expect(await failureOf(signer.sign(new Uint8Array(4097)))).toMatchObject({ retryable: false });
    await store.close();
  });

  it('without valid credentials is refused, without saying whose they are', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another');
    const store = await open({ timeoutMs: 2000 });
    const failure = await failureOf(store.generate({ algorithm: 'ES256', label: 'a label' }));
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', standIn.secretAccessKey);
    expect(failure).toMatchObject({ retryable: true, message: 'aws-kms did not make a key: InvalidSignatureException' });
    await store.close();
  });
});
