import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, type Exchange } from '../../flows/http-exchange.js';
import type { Answer } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';

const MANAGEMENT = ['/v2/credentials/sd-jwt/configurations', '/v1/claim-sources', '/v1/openid/offers/pre-authorized'] as const;
const JSON_TYPE = { 'content-type': 'application/json' };

const system = useSharedSystem();
let token: string;

beforeAll(async () => {
  ({ token } = await ManagementClient.admin(system()));
});

const post = (path: string, sent: Pick<Exchange, 'body' | 'headers'>): Promise<Answer> =>
  exchange(system().url + path, { method: 'POST', ...sent, headers: { authorization: `Bearer ${token}`, ...sent.headers } });

describe.each(MANAGEMENT)('a body sent to %s', (path) => {
  it.each<[string, Pick<Exchange, 'body' | 'headers'>, number, string]>([
    ['that is no JSON', { body: '{"a":', headers: JSON_TYPE }, 400, 'BadRequest'],
    ['with JSON and more after it', { body: '{} {}', headers: JSON_TYPE }, 400, 'BadRequest'],
    ['that is empty', { body: '', headers: JSON_TYPE }, 400, 'BadRequest'],
    ['that is no UTF-8', { body: new Uint8Array([0x22, 0xff, 0x22]), headers: JSON_TYPE }, 400, 'BadRequest'],
    ['without a media type', { body: '{}' }, 415, 'UnsupportedMediaType'],
    ['as a form', { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'UnsupportedMediaType'],
    ['as text', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'UnsupportedMediaType'],
    [
      'that is compressed',
      { body: gzipSync('{}'), headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } },
      415,
      'UnsupportedMediaType',
    ],
    ['of more than a megabyte', { body: `{"a":"${'x'.repeat(1_048_576)}"}`, headers: JSON_TYPE }, 413, 'PayloadTooLarge'],
    [
      'of more than a megabyte whose length is not told',
      {
        body: `{"a":"${'x'.repeat(1_048_576)}"}`,
        headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked', 'content-length': [] },
      },
      413,
      'PayloadTooLarge',
    ],
  ])('%s is refused', async (_what, sent, status, code) => {
    const answer = await post(path, sent);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.json.details).toEqual([{ msg: answer.json.message, param: '', location: status === 415 ? 'headers' : 'body' }]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('may name a charset, and hold a BOM-free JSON value of any kind, which then has the wrong type', async () => {
    for (const body of ['null', '1', '"x"', '[]']) {
      const answer = await post(path, { body, headers: { 'content-type': 'Application/JSON; charset=UTF-8' } });
      expect([answer.status, answer.json.message]).toEqual([400, 'Validation Error']);
    }
  });

  it('that is nothing but brackets, a hundred thousand deep, does no harm', async () => {
    const answer = await post(path, { body: '['.repeat(100_000) + ']'.repeat(100_000), headers: JSON_TYPE });
    expect(answer.status).toBe(400);
  });
});

describe('a client that breaks off in the middle of a body', () => {
  it('harms nobody else', async () => {
    await new Promise<void>((resolve) => {
      const cut = request(`${system().url}${MANAGEMENT[1]}`, {
        method: 'POST',
        headers: { ...JSON_TYPE, authorization: `Bearer ${token}`, 'content-length': '1000' },
      });
      cut.once('error', () => resolve()).once('close', () => resolve());
      cut.write('{"name":', () => cut.destroy());
    });
    expect((await post(MANAGEMENT[1], { body: '{}', headers: JSON_TYPE })).status).toBe(400);
  });
});
