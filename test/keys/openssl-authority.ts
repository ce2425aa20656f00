import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT_EXTENSIONS = [
  'basicConstraints=critical,CA:TRUE,pathlen:0',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
  'issuerAltName=URI:https://authority.example',
  'crlDistributionPoints=URI:https://authority.example/crl',
] as const;

export const DOCUMENT_SIGNER_EXTENSIONS = [
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=critical,1.0.18013.5.1.2',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid',
  'issuerAltName=URI:https://authority.example',
  'crlDistributionPoints=URI:https://authority.example/crl',
] as const;

export function openssl(...options: string[]): string {
  return execFileSync('openssl', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A root authority outside of our code, made and used by the openssl command, offline as such roots are. */
export class OpensslAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'chancery-authority-'));
  #files = 0;
  readonly certificatePem: string;

  constructor({
    subject = '/C=NZ/CN=Outside IACA',
    key = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    extensions = ROOT_EXTENSIONS,
    days = 1826,
    digest = 'sha256',
  }: {
    subject?: string;
    key?: readonly string[];
    extensions?: readonly string[];
    days?: number;
    digest?: string;
  } = {}) {
    const [algorithm = '', ...options] = key;
    openssl(
      ...['req', '-x509', '-newkey', algorithm, ...options, '-nodes', '-keyout', this.keyFile, '-out', this.certificateFile],
      ...['-subj', subject, '-days', String(days), `-${digest}`, '-config', this.write('[req]\ndistinguished_name=dn\n[dn]\n')],
      ...extensions.flatMap((extension) => ['-addext', extension]),
    );
    this.certificatePem = readFileSync(this.certificateFile, 'utf8');
  }

  get certificateFile(): string {
    return join(this.#folder, 'root.pem');
  }

  get keyFile(): string {
    return join(this.#folder, 'root.key');
  }

  /** Answers a certificate request; gives PEM. */
  sign(
    csrPem: string,
    {
      subject,
      extensions = DOCUMENT_SIGNER_EXTENSIONS,
      days = 820,
      digest = 'sha256',
    }: { subject?: string; extensions?: readonly string[]; days?: number; digest?: string } = {},
  ): string {
    return openssl(
      ...['x509', '-req', '-in', this.write(csrPem), '-CA', this.certificateFile, '-CAkey', this.keyFile],
      ...['-days', String(days), `-${digest}`, '-extfile', this.write(extensions.join('\n')), '-CAcreateserial'],
      ...(subject === undefined ? [] : ['-subj', subject]),
    );
  }

  /** Asks another authority to certify its key; gives PEM. */
  request(): string {
    return openssl('x509', '-x509toreq', '-in', this.certificateFile, '-signkey', this.keyFile);
  }

  /** A file of the text; gives its name. */
  write(text: string | Uint8Array): string {
    this.#files += 1;
    const file = join(this.#folder, `file-${this.#files}`);
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Base64 DER of a PEM text with one certificate. */
export function derOf(pem: string): string {
  return /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(pem)![1]!.replace(/\s/g, '');
}
