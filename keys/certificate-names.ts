import 'reflect-metadata';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

const LONGEST_COMMON_NAME = 64;

/** Built from typed values: a name parsed from a string would let an issuer's name add attributes. */
export function subjectName(commonName: string, country: string): x509.Name {
  return new x509.Name([{ C: [{ printableString: country }] }, { CN: [{ utf8String: commonName }] }]);
}

/** Who a certificate of mobile credentials is about. All of it PrintableString. */
export interface MobileSubject {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  /** ISO 3166-2, upper case. */
  readonly stateOrProvinceName?: string;
  readonly commonName: string;
}

/** The name of a mobile credentials' certificate (ISO 18013-5 B.1.2, B.1.4). */
export function mobileSubjectName({ country, stateOrProvinceName, commonName }: MobileSubject): x509.Name {
  const state = stateOrProvinceName === undefined ? [] : [{ ST: [{ printableString: stateOrProvinceName }] }];
  return new x509.Name([{ C: [{ printableString: country }] }, ...state, { CN: [{ printableString: commonName }] }]);
}

/** `<host> <suffix>` in the characters and the length of a common name: of a long host only its beginning. */
export function hostCommonName(host: string, suffix: string): string {
  const printable = host.replace(/^\[|\]$/g, '').replace(/[^A-Za-z0-9.:-]/g, '-');
  return `${printable.slice(0, LONGEST_COMMON_NAME - suffix.length - 1)} ${suffix}`;
}

/** X.520 ends a common name at 64 characters. */
export function cut(text: string, length: number): string {
  return Array.from(text).slice(0, length).join('');
}

/** A host as an alternative name. */
export function hostName(host: string): { type: 'dns' | 'ip'; value: string } {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? { type: 'dns', value: bare } : { type: 'ip', value: bare };
}
