import type { Payload } from '@temporalio/common';
import { z } from 'zod';
import { ManagementError } from '../http/errors.js';

const MOST_PAYLOADS = 1000;

// proto3 JSON writes bytes in standard base64 and reads either alphabet, padded or not.
const bytes = z
  .string()
  .regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'must be base64')
  .transform((value) => new Uint8Array(Buffer.from(value, 'base64')));

const body = z.object({
  payloads: z
    .array(
      z.object({
        metadata: z.record(z.string().max(256), bytes).nullish(),
        data: bytes.nullish(),
      }),
    )
    .max(MOST_PAYLOADS, `must hold at most ${MOST_PAYLOADS} payloads`),
});

/** `temporal.api.common.v1.Payloads` as proto3 JSON. */
export interface PayloadsJson {
  readonly payloads: readonly { readonly metadata: Readonly<Record<string, string>>; readonly data: string }[];
}

/**
 * Reads the body of a codec request.
 *
 * @throws {ManagementError} 400 that names the member at fault and no value
 */
export function payloadsFromJson(json: unknown): Payload[] {
  const result = body.safeParse(json);
  if (!result.success) {
    throw ManagementError.validation(
      result.error.issues.slice(0, 10).map(({ path, message }) => ({ msg: message, param: path.join('.'), location: 'body' })),
    );
  }
  return result.data.payloads.map(({ metadata, data }) => ({ metadata: metadata ?? {}, data: data ?? new Uint8Array(0) }));
}

/** Writes decoded payloads the way Temporal UI and the `temporal` tool read them. */
export function payloadsToJson(payloads: readonly Payload[]): PayloadsJson {
  return {
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
      data: base64(data),
    })),
  };
}

function base64(value: Uint8Array | null | undefined): string {
  return Buffer.from(value ?? []).toString('base64');
}
