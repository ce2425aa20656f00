import { describe, expect, it } from 'vitest';
import { payloadsFromJson, payloadsToJson } from '../../../api/codec/payloads.js';
import { ManagementError } from '../../../api/http/errors.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

function faultOf(json: unknown): ManagementError {
  try {
    payloadsFromJson(json);
  } catch (error) {
    if (error instanceof ManagementError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('payloads as JSON', () => {
  it('come back as they were', () => {
    const json = { payloads: [{ metadata: { encoding: base64('json/plain') }, data: base64('{"a":"?>"}') }] };
    expect(payloadsToJson(payloadsFromJson(json))).toEqual(json);
  });

  it('may leave out what is empty, as proto3 JSON does', () => {
    expect(payloadsToJson(payloadsFromJson({ payloads: [{}, { metadata: null, data: null }] }))).toEqual({
      payloads: [
        { metadata: {}, data: '' },
        { metadata: {}, data: '' },
      ],
    });
  });

  it('are read in either base64 alphabet', () => {
    const [payload] = payloadsFromJson({ payloads: [{ data: '_-8' }] });
    expect([...(payload?.data ?? [])]).toEqual([0xff, 0xef]);
  });

  it('must be payloads, at most a thousand, and a fault is named without its value', () => {
    for (const json of [
      null,
      [],
      'x',
      {},
      { payloads: {} },
      { payloads: [1] },
      { payloads: [{ data: 'secret!' }] },
      { payloads: [{ metadata: { a: 1 } }] },
    ]) {
      const fault = faultOf(json);
      expect(fault).toMatchObject({ status: 400, code: 'BadRequest' });
      expect(JSON.stringify(fault.details)).not.toContain('secret!');
    }
    expect(faultOf({ payloads: Array.from({ length: 1001 }, () => ({})) }).details?.[0]?.msg).toContain('1000');
  });
});
