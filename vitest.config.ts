import { defineConfig } from 'vitest/config';

/** What a test waits for takes as long as the machine is busy. */
const POLL = { poll: { timeout: 15_000, interval: 50 } };

/**
 * `unit` needs nothing but this process, and often waits: three files at a time, also on two cores. `flow` runs the real
 * system, two files at a time, after the rest.
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
          maxWorkers: 2,
          testTimeout: 60_000,
          expect: POLL,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
