import type { StatusReference } from '../credential-format.js';

type StatusEntry = Readonly<Record<string, string>>;

/**
 * How a credential names its place in a status list: `BitstringStatusListEntry` (Bitstring Status List 2.1), one for each
 * purpose, or `RevocationList2020Status`.
 *
 * @throws {TypeError} for a mechanism that no W3C credential names
 */
export function credentialStatus({ mechanism, uri, suspensionUri, index }: StatusReference): StatusEntry | StatusEntry[] {
  switch (mechanism) {
    case 'bitstring-status-list': {
      const revocation = bitstringEntry({ purpose: 'revocation', uri, index });
      if (suspensionUri === undefined) return revocation;
      return [revocation, bitstringEntry({ purpose: 'suspension', uri: suspensionUri, index })];
    }
    case 'revocation-list-2020':
      return {
        id: `${uri}#${index}`,
        type: 'RevocationList2020Status',
        revocationListIndex: String(index),
        revocationListCredential: uri,
      };
    case 'token-status-list':
    case 'cwt-revocation-list':
      throw new TypeError(`no W3C credential names its status by ${mechanism}`);
  }
}

function bitstringEntry({ purpose, uri, index }: { purpose: string; uri: string; index: number }): StatusEntry {
  return {
    id: `${uri}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: purpose,
    statusListIndex: String(index),
    statusListCredential: uri,
  };
}
