import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { EncryptionCodec } from '../../worker/payload-codec.js';

const oldKey = new Uint8Array(randomBytes(32));
const newKey = new Uint8Array(randomBytes(32));
const context = (workflowId: string) => ({ type: 'workflow' as const, namespace: 'default', workflowId });

function payload(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

async function encode(codec: EncryptionCodec, value: unknown, workflowId: string): Promise<Payload> {
  const [encoded] = await codec.encode([payload(value)], context(workflowId));
  if (encoded === undefined) throw new Error('nothing was encoded');
  return encoded;
}

async function decode(codec: EncryptionCodec, encoded: Payload): Promise<unknown> {
  const [decoded] = await codec.decode([encoded]);
  if (decoded === undefined) throw new Error('nothing was decoded');
  return defaultPayloadConverter.fromPayload(decoded);
}

describe('payload codec', () => {
  it('gives back what it encrypted, without being told the workflow', async () => {
    const codec = new EncryptionCodec(new KeyEncryptionRing([newKey]));
    const value = { holder: 'Ada Lovelace', list: [1, 2, 3] };
    expect(await decode(codec, await encode(codec, value, 'iss:default:a'))).toEqual(value);
  });

  it('leaves nothing of the value readable', async () => {
    const encoded = await encode(new EncryptionCodec(new KeyEncryptionRing([newKey])), 'Ada Lovelace', 'w');
    const bytes = Buffer.concat([
      Buffer.from(encoded.data ?? []),
      ...Object.values(encoded.metadata ?? {}).map((part) => Buffer.from(part)),
    ]);
    expect(bytes.toString('latin1')).not.toContain('Ada');
  });

  it('encrypts the same value anew each time', async () => {
    const codec = new EncryptionCodec(new KeyEncryptionRing([newKey]));
    const [one, two] = [await encode(codec, 'x', 'w'), await encode(codec, 'x', 'w')];
    expect(Buffer.from(one.data ?? [])).not.toEqual(Buffer.from(two.data ?? []));
  });

  it('reads what an older key of the ring encrypted', async () => {
    const encoded = await encode(new EncryptionCodec(new KeyEncryptionRing([oldKey])), 'x', 'w');
    expect(await decode(new EncryptionCodec(new KeyEncryptionRing([newKey, oldKey])), encoded)).toBe('x');
  });

  it('passes unencrypted payloads through', async () => {
    expect(await decode(new EncryptionCodec(new KeyEncryptionRing([newKey])), payload('clear'))).toBe('clear');
  });

  it('gives a placeholder instead of an error when the key is gone or the payload was moved to another workflow', async () => {
    const encoded = await encode(new EncryptionCodec(new KeyEncryptionRing([oldKey])), 'x', 'w');
    const codec = new EncryptionCodec(new KeyEncryptionRing([newKey]));
    expect(await decode(codec, encoded)).toMatch(/unreadable/);
    const own = await encode(codec, 'x', 'w');
    const moved = { ...own, metadata: { ...own.metadata, scope: Buffer.from('other') } };
    expect(await decode(codec, moved)).toMatch(/unreadable/);
  });
});
