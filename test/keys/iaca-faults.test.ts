import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificateRequest } from '../../keys/certificate-request.js';
import { readCertificatePem } from '../../keys/certificate-pem.js';
import { iacaFaults } from '../../keys/iaca-faults.js';
import { signerFaults, type AnsweredRequest } from '../../keys/iaca-signer-faults.js';
import type { Signer } from '../../keys/signer.js';
import { derOf, DOCUMENT_SIGNER_EXTENSIONS, OpensslAuthority, ROOT_EXTENSIONS } from './openssl-authority.js';
import { freshSigner } from './test-signers.js';

const DAY_MS = 86_400_000;
const now = Date.now();
const authorities: OpensslAuthority[] = [];
const authority = (options: ConstructorParameters<typeof OpensslAuthority>[0] = {}): OpensslAuthority => {
  const made = new OpensslAuthority(options);
  authorities.push(made);
  return made;
};
afterAll(() => authorities.forEach((made) => made.remove()));

/** The extensions with those of the same names replaced; an empty one is left out. */
const replaced = (extensions: readonly string[], ...others: string[]): string[] => {
  const name = (extension: string) => extension.split('=')[0];
  return [...extensions.filter((one) => !others.some((other) => name(other) === name(one))), ...others].filter(
    (extension) => !extension.endsWith('='),
  );
};

describe('a certificate that is to be an IACA', () => {
  const faults = (options: ConstructorParameters<typeof OpensslAuthority>[0], at = now): string[] =>
    iacaFaults({ certificate: derOf(authority(options).certificatePem), now: at });

  it('has no fault where it is as ISO 18013-5 B.1.2 wants it, made by openssl', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], digest: 'sha384', days: 7300 })).toEqual([]);
  });

  it('may begin later, and may not have ended', () => {
    expect(faults({}, now - DAY_MS)).toEqual([]);
    expect(faults({ days: 10 }, now + 10.1 * DAY_MS)).toEqual(['has ended']);
  });

  it.each([
    [
      'an RSA key',
      { key: ['rsa:2048'] },
      ['must have a key on the curve P-256, P-384 or P-521', 'must be signed with ECDSA and SHA-256, SHA-384 or SHA-512'],
    ],
    [
      'a key on another curve',
      { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'] },
      ['must have a key on the curve P-256, P-384 or P-521'],
    ],
    ['a SHA-1 signature', { digest: 'sha1' }, ['must be signed with ECDSA and SHA-256, SHA-384 or SHA-512']],
    [
      'no authority',
      { extensions: replaced(ROOT_EXTENSIONS, 'basicConstraints=critical,CA:FALSE') },
      [
        'must be that of a certificate authority (BasicConstraints CA:TRUE)',
        'must allow no authority below its own (BasicConstraints pathLen 0)',
      ],
    ],
    [
      'authorities below it',
      { extensions: replaced(ROOT_EXTENSIONS, 'basicConstraints=critical,CA:TRUE') },
      ['must allow no authority below its own (BasicConstraints pathLen 0)'],
    ],
    [
      'another key usage',
      { extensions: replaced(ROOT_EXTENSIONS, 'keyUsage=critical,digitalSignature,keyCertSign,cRLSign') },
      ['must be for signing certificates and CRLs alone (KeyUsage keyCertSign and cRLSign)'],
    ],
    ['a life of 21 years', { days: 7670 }, ['must be valid for at most 20 years']],
    ['a country in small letters', { subject: '/C=nz/CN=x' }, ['must name one country as two capital letters (countryName)']],
    ['no names', { subject: '/O=x' }, ['must name one country as two capital letters (countryName)', 'must have a commonName']],
  ])('is refused with %s', (_name, options, expected) => {
    expect(faults(options)).toEqual(expected);
  });

  it('is refused when it is not self-signed', () => {
    const request = authority({ subject: '/C=NZ/CN=Another' }).request();
    const below = derOf(authority().sign(request, { extensions: ROOT_EXTENSIONS }));
    expect(iacaFaults({ certificate: below, now })).toEqual([
      'must be self-signed: its issuer is not its subject',
      'must be self-signed: another key than its own signed it',
    ]);
  });

  it('is refused when its signature is changed, or a part cannot be read', () => {
    const der = Buffer.from(derOf(authority().certificatePem), 'base64');
    const changed = Buffer.from(der);
    // In the last name's text: the structure stays.
    changed[changed.indexOf('Outside')] = 'X'.charCodeAt(0);
    expect(iacaFaults({ certificate: changed.toString('base64'), now })).toContain(
      'must be self-signed: another key than its own signed it',
    );
    expect(iacaFaults({ certificate: der.subarray(0, 100).toString('base64'), now })).toEqual([
      'has a part that cannot be read: a key, a name or an extension is malformed or of an unknown kind',
    ]);
  });

  it('has all its faults told at once', () => {
    expect(faults({ key: ['rsa:2048'], subject: '/O=x', extensions: [], days: 1 }, now + 2 * DAY_MS)).toHaveLength(8);
  });
});

describe('the answer to a certificate request', () => {
  let root: OpensslAuthority;
  let signer: Signer;
  let csrPem: string;
  const subject = { country: 'NZ', commonName: 'issuer.example Document Signer' };
  beforeAll(async () => {
    root = authority();
    signer = freshSigner();
    csrPem = await createCertificateRequest({ signer, kind: 'document-signer', subject });
  });

  const faults = (certificatePem: string, more: Partial<AnsweredRequest> = {}): string[] =>
    signerFaults({
      kind: 'document-signer',
      certificate: derOf(certificatePem),
      iacaCertificate: derOf(root.certificatePem),
      publicJwk: signer.publicJwk,
      now: Date.now() + 1000,
      ...more,
    });

  it('has no fault where openssl gave what was asked for', () => {
    expect(faults(root.sign(csrPem))).toEqual([]);
    const extensions = replaced(DOCUMENT_SIGNER_EXTENSIONS, 'extendedKeyUsage=');
    expect(faults(root.sign(csrPem, { extensions }), { kind: 'mobile-status-signer' })).toEqual([]);
  });

  it('is refused for another key', async () => {
    const other = await createCertificateRequest({ signer: freshSigner(), kind: 'document-signer', subject });
    expect(faults(root.sign(other))).toEqual(['must certify the key of the certificate request (csrPem), and certifies another']);
  });

  it('is refused where the chain is broken: another root, even of the same name', () => {
    const namesake = authority();
    expect(faults(namesake.sign(csrPem))).toEqual([
      'must be issued by the IACA: another key signed it',
      'must name the key of the IACA as that of its issuer (AuthorityKeyIdentifier)',
    ]);
    expect(faults(authority({ subject: '/C=NZ/CN=Another' }).sign(csrPem))).toContain(
      'must be issued by the IACA: its issuer is not the subject of the IACA',
    );
  });

  it('is refused before its time, after it, and beyond that of the IACA', () => {
    const certificate = root.sign(csrPem, { days: 30 });
    expect(faults(certificate, { now: now - DAY_MS })).toEqual(['is not valid yet']);
    expect(faults(certificate, { now: now + 31 * DAY_MS })).toEqual(['has ended']);
    expect(faults(root.sign(csrPem, { days: 1900 }))).toEqual(['must begin and end within the life of the IACA']);
  });

  it.each([
    ['an authority', 'basicConstraints=critical,CA:TRUE', 'must not be that of a certificate authority'],
    ['another key usage', 'keyUsage=critical,keyAgreement', 'must be for signatures alone (KeyUsage digitalSignature)'],
    ['no extended key usage', 'extendedKeyUsage=', 'must be that of a document signer (ExtendedKeyUsage 1.0.18013.5.1.2)'],
    [
      'another extended key usage',
      'extendedKeyUsage=serverAuth',
      'must be that of a document signer (ExtendedKeyUsage 1.0.18013.5.1.2)',
    ],
  ])('is refused as %s', (_name, extension, fault) => {
    expect(faults(root.sign(csrPem, { extensions: replaced(DOCUMENT_SIGNER_EXTENSIONS, extension) }))).toEqual([fault]);
  });

  it('TSL-06 is refused for a status-list signer that is a document signer, or for another purpose than the one set', () => {
    const usage = 'must be that of a status-list signer, and its ExtendedKeyUsage is for something else';
    expect(faults(root.sign(csrPem), { kind: 'mobile-status-signer' })).toEqual([usage]);
    const extensions = replaced(DOCUMENT_SIGNER_EXTENSIONS, 'extendedKeyUsage=1.2.3.4');
    const lists = { kind: 'mobile-status-signer', statusSigningUsage: '1.2.3.5' } as const;
    expect(faults(root.sign(csrPem, { extensions }), lists)).toEqual([usage]);
    expect(faults(root.sign(csrPem, { extensions }), { ...lists, statusSigningUsage: '1.2.3.4' })).toEqual([]);
  });

  it('is refused for another country, another state and a weak signature', () => {
    expect(faults(root.sign(csrPem, { subject: '/C=DE/CN=x' }))).toEqual(['must name the country of the IACA (countryName)']);
    const state = authority({ subject: '/C=NZ/ST=NZ-WGN/CN=State' });
    const iacaCertificate = derOf(state.certificatePem);
    expect(faults(state.sign(csrPem), { iacaCertificate })).toEqual([]);
    expect(faults(state.sign(csrPem, { subject: '/C=NZ/ST=NZ-AUK/CN=x' }), { iacaCertificate })).toEqual([
      'must name the state or province of the IACA (stateOrProvinceName), or none',
    ]);
    expect(faults(root.sign(csrPem, { digest: 'sha1' }))).toEqual(['must be signed with ECDSA and SHA-256, SHA-384 or SHA-512']);
  });
});

describe('a PEM text', () => {
  let pem: string;
  beforeAll(() => {
    pem = authority().certificatePem;
  });

  it('may have other text around its one certificate', () => {
    const read = readCertificatePem(`Certificate:\r\n  Data: 1\r\n${pem.replaceAll('\n', '\r\n')}\r\n`);
    expect(read).toEqual({ certificate: new X509Certificate(pem).raw.toString('base64') });
  });

  it.each([
    ['nothing', () => '', 'must hold exactly one certificate in PEM'],
    ['two certificates', () => pem + pem, 'must hold exactly one certificate in PEM'],
    ['a request', () => pem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), 'must hold exactly one certificate in PEM'],
    ['no end', () => pem.slice(0, -10), 'must hold exactly one certificate in PEM'],
    ['garbage', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'is not an X.509 certificate'],
    ['more after the certificate', () => trailing(), 'is not an X.509 certificate'],
    ['too much', () => pem + ' '.repeat(16_384), 'must be at most 16384 characters'],
    [
      'a private key',
      () => `${pem}-----BEGIN EC PRIVATE KEY-----`,
      'holds a private key: send the certificate alone, and regard that key as known to others',
    ],
  ])('is refused with %s', (_name, text, fault) => {
    expect(readCertificatePem(text())).toEqual({ fault });
  });

  const trailing = (): string => {
    const der = Buffer.concat([new X509Certificate(pem).raw, Buffer.from([1, 2, 3])]);
    return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  };
});
