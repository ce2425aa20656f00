import { defineConfig } from 'vitest/config';

/** What a test waits for takes as long as the machine is busy. */
const POLL = { poll: { timeout: 15_000, interval: 50 } };

/**
 * `unit` needs nothing but this process; `flow` runs the real system, after the rest. Three files at a time, also on two
 * cores: most of them wait for something half of their time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.flow.test.ts'],
          pool: 'forks',
          isolate: false,
          maxWorkers: 3,
          testTimeout: 20_000,
          expect: POLL,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'flow',
          include: ['test/**/*.flow.test.ts'],
          globalSetup: ['test/harness/shared-system.ts'],
          pool: 'forks',
          isolate: false,
          maxWorkers: 3,
          testTimeout: 60_000,
          expect: POLL,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
