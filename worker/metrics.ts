import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { IssuanceMeter } from '../activities/dependencies.js';

/** What the worker counts of its own; Temporal's metrics are added to them on reading. */
export interface WorkerMetrics {
  readonly registry: Registry;
  readonly meter: IssuanceMeter;
  activityFailed(activity: string, type: string): void;
  activityTook(activity: string, seconds: number): void;
}

export function createWorkerMetrics(): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'chancery_worker_' });
  const registers = [registry];
  const issued = new Counter({
    name: 'chancery_credentials_issued_total',
    help: 'Credentials issued',
    labelNames: ['format'],
    registers,
  });
  const closed = new Counter({
    name: 'chancery_issuances_total',
    help: 'Issuances by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'chancery_activity_failures_total',
    help: 'Failed attempts of activities',
    labelNames: ['activity', 'type'],
    registers,
  });
  const durations = new Histogram({
    name: 'chancery_activity_seconds',
    help: 'Time an attempt of an activity took',
    labelNames: ['activity'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10],
    registers,
  });
  const sources = new Histogram({
    name: 'chancery_claims_source_seconds',
    help: 'Time claims sources took to answer',
    labelNames: ['result'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 6],
    registers,
  });
  return {
    registry,
    meter: {
      issued: (format, count) => issued.inc({ format }, count),
      closed: (outcome) => closed.inc({ outcome }),
      claimsSourceAnswered: (result, seconds) => sources.observe({ result }, seconds),
    },
    activityFailed: (activity, type) => failures.inc({ activity, type }),
    activityTook: (activity, seconds) => durations.observe({ activity }, seconds),
  };
}
