import { describe, expect, it } from 'vitest';
import { openEnvelope, sealEnvelope, type Envelope } from '../../keys/envelope.js';
import { KeyEncryptionRing, UnsealError } from '../../keys/key-encryption.js';

const first = new Uint8Array(32).fill(1);
const second = new Uint8Array(32).fill(2);
const secret = new Uint8Array([1, 2, 3]);

describe('the key-encryption ring', () => {
  it('wraps with its first key and unwraps with any', () => {
    const old = new KeyEncryptionRing([first]).wrap(secret, 'record');
    const ring = new KeyEncryptionRing([second, first]);
    expect(ring.unwrap(old, 'record')).toEqual(secret);
    expect(ring.wrap(secret, 'record').kek).toBe(ring.keyNames[0]);
    expect(old.kek).toBe(ring.keyNames[1]);
  });

  it('opens nothing in another context, nor without the key', () => {
    const ring = new KeyEncryptionRing([first]);
    const wrapped = ring.wrap(secret, 'record');
    expect(() => ring.unwrap(wrapped, 'another')).toThrow(UnsealError);
    expect(() => new KeyEncryptionRing([second]).unwrap(wrapped, 'record')).toThrow(UnsealError);
    expect(() =>
      new KeyEncryptionRing([second]).unwrap({ ...wrapped, kek: new KeyEncryptionRing([second]).keyNames[0]! }, 'record'),
    ).toThrow(UnsealError);
  });

  it('gives each purpose its own subkey, and never the same wrapping twice', () => {
    const ring = new KeyEncryptionRing([first]);
    expect(ring.subkey('a')).not.toEqual(ring.subkey('b'));
    expect(ring.subkey('a')).toEqual(new KeyEncryptionRing([first]).subkey('a'));
    expect(ring.wrap(secret, 'record').data).not.toBe(ring.wrap(secret, 'record').data);
  });

  it('needs a key', () => {
    expect(() => new KeyEncryptionRing([])).toThrow(TypeError);
  });
});

describe('an envelope', () => {
  const ring = new KeyEncryptionRing([first]);
  const value = { given_name: 'Ada', list: [1, null, 'ü'] };

  it('opens in its own context to the same value', () => {
    expect(openEnvelope({ ring, envelope: sealEnvelope({ ring, value, context: 'a' }), context: 'a' })).toEqual(value);
  });

  it('shows nothing of the value', () => {
    expect(JSON.stringify(sealEnvelope({ ring, value, context: 'a' }))).not.toMatch(/Ada|given_name/);
  });

  it('cannot be opened elsewhere, nor put together from two', () => {
    const one = sealEnvelope({ ring, value, context: 'a' });
    const two = sealEnvelope({ ring, value: 'other', context: 'a' });
    const mixed: Envelope = { ...one, key: two.key };
    expect(() => openEnvelope({ ring, envelope: one, context: 'b' })).toThrow(UnsealError);
    expect(() => openEnvelope({ ring, envelope: mixed, context: 'a' })).toThrow(UnsealError);
  });

  it.each([0, 5, -1])('does not open when byte %i of its data is changed', (position) => {
    const envelope = sealEnvelope({ ring, value, context: 'a' });
    const data = Buffer.from(envelope.data, 'base64url');
    const index = (position + data.length) % data.length;
    data[index] = data[index]! ^ 0x80;
    expect(() => openEnvelope({ ring, envelope: { ...envelope, data: data.toString('base64url') }, context: 'a' })).toThrow(
      UnsealError,
    );
  });

  it('does not open with its tag cut off', () => {
    const envelope = sealEnvelope({ ring, value, context: 'a' });
    expect(() => openEnvelope({ ring, envelope: { ...envelope, data: envelope.data.slice(0, 8) }, context: 'a' })).toThrow(
      UnsealError,
    );
  });
});
