import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import { EncryptionCodec } from './payload-codec.js';

/** Where the failure converter lies; clients, workers and the workflow bundle must all have the same. */
export const FAILURE_CONVERTER_PATH = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** The data converter of every client and worker: payloads encrypted, failure messages encoded. */
export function createDataConverter(ring: KeyEncryptionRing): DataConverter {
  return { payloadCodecs: [new EncryptionCodec(ring)], failureConverterPath: FAILURE_CONVERTER_PATH };
}
