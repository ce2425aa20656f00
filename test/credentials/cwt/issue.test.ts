import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CredentialContentError } from '../../../credentials/credential-content-error.js';
import { decodeCompact } from '../../../credentials/cwt/decode-compact.js';
import { cwt } from '../../../credentials/cwt/format.js';
import { SignerError } from '../../../keys/signer.js';
import { NOW } from '../../keys/issuer-keys.js';
import { freshSigner, signersWith } from '../../keys/test-signers.js';
import { usePythonCwt } from './python-cwt.js';
import { assertionOf, configurationOf, CREDENTIAL_ID, DID, issue } from './test-compact.js';

const python = usePythonCwt();
const assertion = assertionOf();
const jwk = assertion.signer.publicJwk;
const HOUR = Date.parse('2026-03-14T15:00:00Z') / 1000;
const hex = (uuid: string) => uuid.replaceAll('-', '');
const PERMIT = configurationOf({ name: { mapFrom: 'claims.name' }, level: { mapFrom: 'claims.level' } });
const claimed = { name: 'Hana Ruru', level: 3 };

/** As python-cwt reads what is issued of the configuration. */
const readBack = async (...wanted: Parameters<typeof issue>) =>
  python.read({ encoded: (await issue(...wanted)).credential as string, jwk });

describe('a compact credential, read by python-cwt,', () => {
  it('is a tagged COSE_Sign1 by ES256, whose kid is the fragment of the key in the DID of its iss', async () => {
    const read = await readBack(assertion, PERMIT, claimed);
    expect([read.prefix, read.tag]).toEqual(['CSC:/1/', 18]);
    expect(read.protected).toEqual({ '#1': -7, '#4': { hex: Buffer.from(assertion.signer.keyId).toString('hex') } });
    expect(read.unprotected).toEqual({});
    expect(read.claims['#1']).toBe(DID);
  });

  it('has registered claims under their integers, and its type and claims beside them', async () => {
    const { claims } = await readBack(assertion, { ...PERMIT, expiresIn: { days: 2 } }, claimed);
    expect(claims).toEqual({
      '#1': DID,
      '#4': HOUR + 2 * 86_400,
      '#5': HOUR,
      '#6': HOUR,
      '#7': { hex: hex(CREDENTIAL_ID) },
      type: 'WorkPermit',
      name: 'Hana Ruru',
      level: 3,
    });
  });

  it('may name subject and audience, under their integers as well', async () => {
    const configuration = configurationOf({ sub: { mapFrom: 'claims.id' }, aud: { defaultValue: 'https://verifier.example' } });
    const { claims } = await readBack(assertion, configuration, { id: 'did:example:hana' });
    expect([claims['#2'], claims['#3'], claims.sub]).toEqual(['did:example:hana', 'https://verifier.example', undefined]);
  });

  it('carries values of every JSON type', async () => {
    const values = { a: [1, -1, 1.5, 1e300, 2 ** 53, null], b: { c: { d: true, '1': 'x' } }, 'ā.é': '☃ \ufeff', e: '' };
    const configuration = configurationOf(
      Object.fromEntries(Object.keys(values).map((name) => [`['${name}']`, { mapFrom: `claims['${name}']` }])),
    );
    expect((await readBack(assertion, configuration, values)).claims).toMatchObject(values);
  });

  it("has its status in MATTR's claim -65537, index under 2 and list under 3", async () => {
    const uri = 'https://issuer.example/t1/v2/credentials/compact/revocation-lists/1';
    const status = { mechanism: 'cwt-revocation-list', uri, index: 4711 } as const;
    const { credential } = await issue(assertion, PERMIT, claimed, { status });
    const { claims } = await python.read({ encoded: credential as string, jwk });
    expect(claims['#-65537']).toEqual({ '#2': 4711, '#3': uri });
    expect(decodeCompact(credential as string).claims.status).toEqual({ url: uri, index: 4711 });
  });

  it.each([
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), { '#1': 2, '#-1': 1 }],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), { '#1': 2, '#-1': 2 }],
    ['Ed25519', generateKeyPairSync('ed25519'), { '#1': 1, '#-1': 6 }],
  ])(
    'is bound to a key of %s by cnf (RFC 8747), where the configuration asks for it',
    async (_curve, { publicKey }, expected) => {
      const holderKey = publicKey.export({ format: 'jwk' }) as Record<string, string>;
      const read = await readBack(assertion, { ...PERMIT, holderBinding: true }, claimed, {
        holderKey: { ...holderKey, use: 'sig' },
      });
      const bytes = (text: string) => ({ hex: Buffer.from(text, 'base64url').toString('hex') });
      const { x = '', y } = holderKey;
      expect(read.claims['#8']).toEqual({
        '#1': { ...expected, '#-2': bytes(x), ...(y === undefined ? {} : { '#-3': bytes(y) }) },
      });
    },
  );

  it('is bound to no key otherwise, even where there is one', async () => {
    const holderKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as Record<
      string,
      string
    >;
    expect((await readBack(assertion, PERMIT, claimed, { holderKey })).claims).not.toHaveProperty('#8');
  });

  it('is small: a badge of three claims fits a QR code of version 13', async () => {
    const { credential } = await issue(assertion, { ...PERMIT, expiresIn: { years: 1 } }, claimed);
    expect((credential as string).length).toBeLessThan(483);
  });
});

describe('a semantic compact credential, read by python-cwt,', () => {
  const semantic = { ...PERMIT, profile: 'compact-semantic' } as const;

  it('has a W3C credential as its vc claim, with version and base type as the NZ COVID Pass has them', async () => {
    const read = await readBack(assertion, semantic, claimed);
    expect(read.prefix).toBe('CSS:/1/');
    expect(read.claims).toEqual({
      '#1': DID,
      '#5': HOUR,
      '#6': HOUR,
      '#7': { hex: hex(CREDENTIAL_ID) },
      vc: {
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        version: '1.0.0',
        type: ['VerifiableCredential', 'WorkPermit'],
        credentialSubject: claimed,
      },
    });
  });

  it('has all its types, the base type first and once', async () => {
    const types = ['Permit', 'VerifiableCredential', 'WorkPermit'];
    const { claims } = await readBack(assertion, { ...semantic, types }, claimed);
    expect((claims.vc as { type: unknown }).type).toEqual(['VerifiableCredential', 'Permit', 'WorkPermit']);
  });

  it('may have claims of any name in its subject: those of the token are elsewhere', async () => {
    const configuration = configurationOf(
      { type: { defaultValue: 'A' }, sub: { defaultValue: 1 } },
      { profile: 'compact-semantic' },
    );
    const { claims } = await readBack(assertion, configuration, {});
    expect(claims.vc).toMatchObject({ credentialSubject: { type: 'A', sub: 1 } });
  });
});

describe('an issued compact credential', () => {
  it('tells the key it was signed with, and from when to when it is valid', async () => {
    const issued = await issue(assertion, { ...PERMIT, expiresIn: { hours: 2 } }, claimed);
    const minute = Date.parse('2026-03-14T15:09:00Z');
    expect(issued).toMatchObject({
      keyId: assertion.signer.keyId,
      validFrom: new Date(minute),
      validUntil: new Date(minute + 7_200_000),
    });
  });

  it('is signed by a key of the DID that the configuration names', async () => {
    const asked: unknown[] = [];
    const signers = signersWith({
      assertion: (...wanted) => {
        asked.push(wanted);
        return assertion;
      },
    });
    await issue(assertion, { ...PERMIT, issuerDid: 'did:web:other.example' }, claimed, { signers });
    await issue(assertion, PERMIT, claimed, { signers });
    expect(asked).toEqual([
      ['ES256', 'did:web:other.example'],
      ['ES256', undefined],
    ]);
  });

  it('says whether its key is in a key store', () => {
    const remote = { ...assertion, signer: { ...assertion.signer, remote: true } };
    const signsRemotely = (held: typeof assertion) =>
      cwt.signsRemotely({ configuration: PERMIT, signers: signersWith({ assertion: () => held }), now: NOW });
    expect([signsRemotely(assertion), signsRemotely(remote)]).toEqual([false, true]);
  });

  it('is not given out with a signature of another key, or none', async () => {
    const other = freshSigner();
    const lying = assertionOf({ ...assertion.signer, sign: (data) => other.sign(data) });
    await expect(issue(lying, PERMIT, claimed)).rejects.toThrow('the signature does not verify with the signing key');
    const short = assertionOf({ ...assertion.signer, sign: () => Promise.resolve(new Uint8Array(3)) });
    await expect(issue(short, PERMIT, claimed)).rejects.toThrow(/the credential is not a COSE_Sign1/);
  });

  it('waits where the key cannot be used', async () => {
    const broken = new SignerError('the key store is away', { retryable: true });
    const failing = assertionOf({ ...assertion.signer, sign: () => Promise.reject(broken) });
    await expect(issue(failing, PERMIT, claimed)).rejects.toBe(broken);
  });

  it.each<[string, Parameters<typeof issue>]>([
    ['no key to bind to', [assertion, { ...PERMIT, holderBinding: true }, claimed]],
    ['a key of another kind', [assertion, { ...PERMIT, holderBinding: true }, claimed, { holderKey: { kty: 'oct', k: 'x' } }]],
    [
      'a key of a curve without a COSE_Key here',
      [assertion, { ...PERMIT, holderBinding: true }, claimed, { holderKey: { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' } }],
    ],
    ['claims of more than 64 kB', [assertion, PERMIT, { name: 'x'.repeat(65_536) }]],
    ['a lifetime that is none', [assertion, { ...PERMIT, expiresIn: { days: -1 } }, claimed]],
  ])('is refused for %s', async (_what, wanted) => {
    await expect(issue(...wanted)).rejects.toThrow(CredentialContentError);
  });
});

describe('claims that no compact credential can carry', () => {
  const unusableOf = (value: unknown, name = 'name', profile: 'compact' | 'compact-semantic' = 'compact') =>
    cwt.mapClaims({
      configuration: configurationOf({ [name]: { mapFrom: 'claims.value' } }, { profile }),
      source: { claims: { value } },
    }).unusable;

  it('are texts with half a character, at any depth, and a subject that is no text', () => {
    expect(unusableOf('a\ud800')).toEqual(['name']);
    expect(unusableOf([{ b: ['\udfff'] }])).toEqual(['name']);
    expect(unusableOf([{ '\ud83d': 1 }])).toEqual(['name']);
    expect(unusableOf('😀')).toEqual([]);
    expect(unusableOf(1, 'sub')).toEqual(['sub']);
    expect(unusableOf(['a'], 'aud')).toEqual(['aud']);
    expect(unusableOf(1, 'sub', 'compact-semantic')).toEqual([]);
  });
});
