import { describe, expect, it } from 'vitest';
import { BenchOptionsError, parseBenchOptions } from '../../../scripts/bench/options.js';

describe('the options of the benchmark', () => {
  it('measure the pre-authorized flow at 1, 8 and 32 wallets where nothing is said', () => {
    expect(parseBenchOptions([])).toEqual({
      flow: 'pre-authorized',
      formats: false,
      concurrency: [1, 8, 32],
      repeats: 3,
      warmupSeconds: 4,
      seconds: 10,
    });
  });

  it.each(['pre-authorized', 'authorization-code'] as const)('choose the flow %s', (flow) => {
    expect(parseBenchOptions(['--flow', flow])).toEqual({ ...parseBenchOptions([]), flow });
  });

  it('measure the formats instead', () => {
    expect(parseBenchOptions(['--formats'])).toEqual({ ...parseBenchOptions([]), formats: true });
  });

  it('shorten all of it by --quick, which each of the others overrides', () => {
    expect(parseBenchOptions(['--quick'])).toMatchObject({ concurrency: [2], repeats: 1, warmupSeconds: 1, seconds: 1 });
    expect(parseBenchOptions(['--quick', '--concurrency', '1,64', '--seconds', '3', '--json', 'report.json'])).toEqual({
      flow: 'pre-authorized',
      formats: false,
      concurrency: [1, 64],
      repeats: 1,
      warmupSeconds: 1,
      seconds: 3,
      json: 'report.json',
    });
  });

  it.each<[string, readonly string[], string]>([
    ['an unknown flow', ['--flow', 'implicit'], '--flow needs one of pre-authorized, authorization-code'],
    ['an empty flow', ['--flow='], '--flow needs one of pre-authorized, authorization-code'],
    ['the name of a member of every object', ['--flow', 'constructor'], '--flow needs one of pre-authorized, authorization-code'],
    ['no wallet', ['--concurrency', '0'], '--concurrency needs whole numbers from 1 to 9999'],
    ['an empty place in the list', ['--concurrency', '1,,8'], '--concurrency needs whole numbers from 1 to 9999'],
    ['too many repeats', ['--repeats', '10000'], '--repeats needs whole numbers from 1 to 9999'],
  ])('refuse %s, and say what they need', (_what, args, message) => {
    expect(() => parseBenchOptions(args)).toThrow(new BenchOptionsError(message));
  });

  it.each([[['--flo']], [['--flow']], [['authorization-code']]])('refuse %j', (args) => {
    expect(() => parseBenchOptions(args)).toThrow(BenchOptionsError);
  });
});
