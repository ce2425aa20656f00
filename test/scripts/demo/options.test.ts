import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../scripts/demo/options.js';

const CODE = ['--flow', 'authorization-code'];

describe('the options of npm run demo', () => {
  it('default to an offer made for the purpose, and to Aroha', () => {
    expect(readOptions([])).toMatchObject({ flow: 'pre-authorized', help: false, browser: false });
    expect(readOptions(CODE)).toMatchObject({ flow: 'authorization-code', account: { id: 'demo-aroha' } });
  });

  it('choose who logs in', () => {
    expect(readOptions([...CODE, '--as', 'demo-bruno']).account.claims.given_name).toBe('Bruno');
  });

  it.each([
    ['a flow that is none', ['--flow', 'implicit'], '--flow is one of pre-authorized, authorization-code.'],
    ['somebody unknown', [...CODE, '--as', 'me'], '--as is one of demo-aroha, demo-bruno.'],
    ['a person for the other flow', ['--as', 'demo-bruno'], '--browser and --as go with --flow authorization-code.'],
    ['a browser for the other flow', ['--browser'], '--browser and --as go with --flow authorization-code.'],
    ['a transaction code for a login', [...CODE, '--tx-code', '1'], '--tx-code goes without --flow authorization-code.'],
    ['a choice that is made in the browser', [...CODE, '--browser', '--as', 'demo-bruno'], /^Give --as or --browser: /],
    ['a value that is missing', [...CODE, '--as'], /--as/],
  ])('refuse %s', (_what, args, said) => {
    expect(() => readOptions(args)).toThrow(said);
  });
});
