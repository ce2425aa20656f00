import { MongoNetworkError, MongoServerError, MongoTopologyClosedError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../api/http/errors.js';
import { isUnavailable } from '../../../api/http/unavailable.js';
import { SignerError } from '../../../keys/signer.js';

const systemError = (code: string) => Object.assign(new Error('write failed'), { code });

describe('what a later repeat of the request may mend', () => {
  it.each<readonly [string, unknown]>([
    ['a dependency that is away', new UnavailableError('away')],
    ['a connection to the database that broke', new MongoNetworkError('connection closed')],
    ['a database that was never reached', new MongoTopologyClosedError()],
    ['a database that shuts down', new MongoServerError({ message: 'shutting down', code: 91 })],
    ['a socket that broke under a write', systemError('EPIPE')],
    ['a socket that was reset under a write', systemError('ECONNRESET')],
    ['a signer that is away', new SignerError('away', { retryable: true })],
  ])('%s', (_what, error) => {
    expect(isUnavailable(error)).toBe(true);
  });

  it.each<readonly [string, unknown]>([
    ['an entry that exists', new MongoServerError({ message: 'duplicate key', code: 11000 })],
    ['a signer that refuses', new SignerError('refused', { retryable: false })],
    ['a fault of ours', new TypeError('undefined is not a function')],
    ['another system error', systemError('ENOENT')],
    ['what is no error', undefined],
  ])('not: %s', (_what, error) => {
    expect(isUnavailable(error)).toBe(false);
  });
});
