import { beforeAll, describe, expect, it } from 'vitest';
import { DRIVER, DRIVING_LICENCE, LICENCE_VALUES } from './driving-licence.js';
import { VERIFIERS, type VerifierInput } from './mdoc-verifiers.js';
import { makeIaca, type TestIaca } from './test-iaca.js';
import { configurationOf, holderKeys, issue, MDL } from './test-mdoc.js';

/** `@auth0/mdl` goes by the clock. */
const now = Date.now();
const licence = configurationOf(DRIVING_LICENCE.claimMappings, { type: MDL, expiresIn: DRIVING_LICENCE.expiresIn });
const holder = holderKeys();
let iaca: TestIaca;
let input: VerifierInput;
beforeAll(async () => {
  iaca = await makeIaca({ now });
  const { credential } = await issue(iaca.documentSigner, licence, DRIVER, { now, holderKey: holder.publicJwk });
  input = { credential, root: iaca.certificate, docType: MDL, holder, now };
});

/** The credential with one byte of the text changed. */
function withChanged(credential: string, text: string): string {
  const bytes = Buffer.from(credential, 'base64url');
  const at = bytes.indexOf(text);
  expect(at).toBeGreaterThan(0);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64url');
}

describe.each(VERIFIERS)('%s', (_name, verifyMdoc) => {
  it('MDC-01 MDC-02 MDC-03 MDC-05 MDC-08 MDC-09 MDC-10 verifies a driving licence, and reads the values that went in', async () => {
    expect(await verifyMdoc(input)).toEqual(LICENCE_VALUES);
  });

  it('MDC-12 verifies one that has a status', async () => {
    const status = { mechanism: 'token-status-list', uri: 'https://issuer.example/status/1', index: 70_000 } as const;
    const { credential } = await issue(iaca.documentSigner, licence, DRIVER, { now, holderKey: holder.publicJwk, status });
    expect(await verifyMdoc({ ...input, credential })).toEqual(LICENCE_VALUES);
  });

  it('refuses a changed element, another root and another device key', async () => {
    await expect(verifyMdoc({ ...input, credential: withChanged(input.credential, 'Aroha') })).rejects.toThrow(/digest/);
    await expect(verifyMdoc({ ...input, root: (await makeIaca({ now })).certificate })).rejects.toThrow();
    await expect(verifyMdoc({ ...input, holder: holderKeys() })).rejects.toThrow();
  });

  it('refuses changed validity: it is under the signature', async () => {
    await expect(verifyMdoc({ ...input, credential: withChanged(input.credential, '1.0') })).rejects.toThrow();
    const changed = Buffer.from(input.credential, 'base64url');
    const at = changed.indexOf('validUntil') + 'validUntil'.length + 2;
    changed[at + 3] = changed[at + 3]! + 1;
    await expect(verifyMdoc({ ...input, credential: changed.toString('base64url') })).rejects.toThrow(/signature/i);
  });
});

describe('device keys of other types', () => {
  it.each(['P-384', 'Ed25519', 'P-521'] as const)('%s: @animo-id/mdoc and @owf/mdoc read them back', async (curve) => {
    const keys = holderKeys(curve);
    const { credential } = await issue(iaca.documentSigner, licence, DRIVER, { now, holderKey: keys.publicJwk });
    for (const [, verifyMdoc] of VERIFIERS.slice(0, 2)) {
      expect(await verifyMdoc({ ...input, credential, holder: keys })).toEqual(LICENCE_VALUES);
    }
  });
});
