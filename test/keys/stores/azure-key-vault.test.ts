import { ClientSecretCredential } from '@azure/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAzureKeyVault } from '../../../keys/stores/azure-key-vault.js';
import { AzureKeyVaultStandIn } from './azure-key-vault-stand-in.js';
import { failureOf } from './failure-of.js';
import { localTls } from './local-tls.js';
import { keepsTheContract } from './store-contract.js';

describe('Azure Key Vault', () => {
  const standIn = new AzureKeyVaultStandIn();
  let ca: string;
  const open = ({
    timeoutMs,
    hsm = false,
    secret = standIn.clientSecret,
  }: {
    timeoutMs: number;
    hsm?: boolean;
    secret?: string;
  }) =>
    openAzureKeyVault({
      url: standIn.url,
      hsm,
      timeoutMs,
      credential: new ClientSecretCredential(standIn.tenantId, standIn.clientId, secret, {
        authorityHost: standIn.url,
        disableInstanceDiscovery: true,
        tlsOptions: { ca },
        retryOptions: { maxRetries: 0 },
      }),
      clientOptions: { tlsOptions: { ca }, disableChallengeResourceVerification: true },
    });

  beforeAll(async () => {
    const tls = await localTls();
    ca = tls.ca;
    await standIn.start(tls);
  });
  afterAll(() => standIn.stop());

  keepsTheContract({
    standIn: () => standIn,
    open,
    algorithms: ['ES256'],
    secrets: () => [standIn.clientSecret, standIn.clientId, 'of the vault'],
  });

  it('names a key by its identifier with version, under a name that its operators read', async () => {
    const store = await open({ timeoutMs: 2000 });
    const { reference } = await store.generate({ algorithm: 'ES256', label: 'chancery/default/document-signer/1' });
    expect(reference.key).toMatch(
      /^https:\/\/localhost:\d+\/keys\/chancery-default-document-signer-1-[0-9a-f]{12}\/[0-9a-f]{32}$/,
    );
    expect(standIn.keys.get(reference.key)?.kty).toBe('EC');
    await store.close();
  });

  it('makes keys in the HSM where it is told to', async () => {
    const store = await open({ timeoutMs: 2000, hsm: true });
    const { reference } = await store.generate({ algorithm: 'ES256', label: 'a label' });
    expect(standIn.keys.get(reference.key)?.kty).toBe('EC-HSM');
    await store.close();
  });

  it('without valid credentials gets nothing, and tells nobody whose they are', async () => {
    const store = await open({ timeoutMs: 2000, secret: 'another-secret' });
    const failure = await failureOf(store.generate({ algorithm: 'ES256', label: 'a label' }));
    expect(failure).toMatchObject({ retryable: true });
    expect(failure.message).not.toContain('another-secret');
    await store.close();
  });
});
