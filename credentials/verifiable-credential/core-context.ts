/** The version of the W3C data model. */
export type VcdmVersion = '1.1' | '2.0';

/** The context that comes first in every credential of the version (VCDM 4.1). */
export const CORE_CONTEXTS: Readonly<Record<VcdmVersion, string>> = {
  '1.1': 'https://www.w3.org/2018/credentials/v1',
  '2.0': 'https://www.w3.org/ns/credentials/v2',
};
