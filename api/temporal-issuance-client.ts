import {
  Client,
  Connection,
  isGrpcServiceError,
  isRetryableError,
  makeGrpcRetryInterceptor,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type GrpcRetryOptions,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { ApplicationFailure, NamespaceNotFoundError, type DataConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Config } from '../config/config.js';
import { temporalConnection } from '../config/temporal-connection.js';
import * as messages from '../workflows/messages.js';
import type { IssuanceOutcome, IssuancePhase, IssuanceProblem } from '../workflows/phases.js';
import * as attributes from '../workflows/search-attributes.js';
import { UnavailableError } from './http/errors.js';
import {
  IssuanceNotFound,
  IssuanceRefusal,
  workflowIdOf,
  type CredentialRequestOutcome,
  type IssuanceAddress,
  type IssuanceClient,
  type IssuanceDescription,
} from './issuance-client.js';

const Stage = proto.temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage;

const DESCRIBE_DEADLINE_MS = 4000;
const UPDATE_DEADLINE_MS = 2500;
const SIGNAL_DEADLINE_MS = 3000;
/** A result that is ready comes at once; this only covers the trip. */
const RESULT_DEADLINE_MS = 2000;
/** A worker that is killed while it decides is replaced after this long, which its wallet waits for. */
const WORKFLOW_TASK_TIMEOUT = '5s';

/** Temporal may be away for long, and is found again within seconds of its return: gRPC's own pauses grow to two minutes. */
const RECONNECTION = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2000 };

/** Retries go on until the call's deadline, and with pauses so short that none outlasts it by much. */
const RETRIES: GrpcRetryOptions = {
  retryableDecider: (attempt, status) => attempt < 100 && isRetryableError(status),
  delayFunction: (attempt) => Math.min(50 * 2 ** attempt, 500) * (0.8 + 0.4 * Math.random()),
};

/** Connects to Temporal lazily: the API starts, and says so on `/readyz`, while Temporal is away. */
export function createTemporalIssuanceClient({
  config,
  dataConverter,
}: {
  config: Config;
  dataConverter: DataConverter;
}): IssuanceClient & { close(): Promise<void> } {
  const connection = Connection.lazy({
    ...temporalConnection(config),
    connectTimeout: 3000,
    channelArgs: RECONNECTION,
    interceptors: [makeGrpcRetryInterceptor(RETRIES)],
  });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, dataConverter });
  const within = <T>(milliseconds: number, call: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + milliseconds, call).catch((error: unknown) => {
      throw translate(error);
    });
  const handleOf = (address: IssuanceAddress) => client.workflow.getHandle(workflowIdOf(address));

  const awaitResult = async (
    address: IssuanceAddress,
    requestId: string,
    milliseconds: number,
  ): Promise<CredentialRequestOutcome> => {
    const handle = handleOf(address).getUpdateHandle<messages.RequestCredentialResult>(requestId);
    try {
      const result = await client.withDeadline(Date.now() + milliseconds, () => handle.result());
      return { kind: 'issued', result };
    } catch (error) {
      if (isDeadline(error)) return { kind: 'pending' };
      throw translate(error);
    }
  };

  /** An update costs Temporal a third of what a signal does, and a signal waits where no worker answers. */
  const updateOrSignal = async (update: () => Promise<unknown>, signal: () => Promise<void>): Promise<void> => {
    try {
      await within(UPDATE_DEADLINE_MS, update);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      await within(SIGNAL_DEADLINE_MS, signal);
    }
  };

  const isAccepted = async (address: IssuanceAddress, updateId: string): Promise<boolean> => {
    try {
      const { stage } = await client.withDeadline(Date.now() + RESULT_DEADLINE_MS, () =>
        client.workflowService.pollWorkflowExecutionUpdate({
          namespace: config.TEMPORAL_NAMESPACE,
          updateRef: { workflowExecution: { workflowId: workflowIdOf(address) }, updateId },
          waitPolicy: { lifecycleStage: Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED },
        }),
      );
      return stage >= Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED;
    } catch {
      return false;
    }
  };

  return {
    async start(input, summary) {
      try {
        await client.withDeadline(Date.now() + config.TOKEN_DEADLINE_MS, () =>
          client.workflow.start(messages.ISSUANCE_WORKFLOW, {
            workflowId: workflowIdOf(input),
            taskQueue: config.TEMPORAL_TASK_QUEUE,
            args: [input],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
            // Nothing is to be done before the wallet's first message (which ends the delay) or the offer's end.
            startDelay: Math.max(input.expiresAt - Date.now(), 0),
            staticSummary: summary,
            typedSearchAttributes: [
              { key: attributes.ISSUER_ID, value: input.issuerId },
              { key: attributes.OFFER_ID, value: input.sessionId },
              { key: attributes.GRANT_TYPE, value: input.grantType },
              { key: attributes.ISSUANCE_PHASE, value: 'OFFERED' },
              { key: attributes.PHASE_SINCE, value: new Date() },
              { key: attributes.OFFER_EXPIRES_AT, value: new Date(input.expiresAt) },
              { key: attributes.CORRELATION_ID, value: input.correlationId },
              { key: attributes.CREDENTIAL_CONFIG_IDS, value: input.configurations.map(({ id }) => id) },
            ],
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw translate(error);
      }
    },

    redeemToken: (address, request) =>
      within(config.TOKEN_DEADLINE_MS, () =>
        handleOf(address).executeUpdate(messages.redeemToken, { args: [request], updateId: request.attemptId }),
      ),

    async requestCredential(address, request) {
      try {
        const result = await client.withDeadline(Date.now() + config.CREDENTIAL_DEADLINE_MS, () =>
          handleOf(address).executeUpdate(messages.requestCredential, { args: [request], updateId: request.requestId }),
        );
        return { kind: 'issued', result };
      } catch (error) {
        // Accepted, it is durable and becomes a deferred issuance; before that only a retry helps.
        if (isDeadline(error) && (await isAccepted(address, request.requestId))) return { kind: 'pending' };
        throw translate(error);
      }
    },

    credentialResult: (address, requestId) => awaitResult(address, requestId, RESULT_DEADLINE_MS),

    async notify(address, walletNotification) {
      const { requestId, event } = walletNotification;
      await updateOrSignal(
        () =>
          handleOf(address).executeUpdate(messages.notify, {
            args: [walletNotification],
            updateId: `notify/${requestId}/${event}`,
          }),
        () => handleOf(address).signal(messages.notification, walletNotification),
      );
    },

    withdraw: (address) =>
      updateOrSignal(
        () => handleOf(address).executeUpdate(messages.withdraw, { updateId: 'withdraw' }),
        () => handleOf(address).signal(messages.withdrawal),
      ),

    state: (address) => within(DESCRIBE_DEADLINE_MS, () => handleOf(address).query(messages.state)),

    describe: (address) => within(DESCRIBE_DEADLINE_MS, async () => describe(await handleOf(address).describe())),

    describeMany: (issuerId, sessionIds) =>
      within(DESCRIBE_DEADLINE_MS, async () => {
        const found = new Map<string, IssuanceDescription>();
        if (sessionIds.length === 0) return found;
        const prefix = workflowIdOf({ issuerId, sessionId: '' });
        const ids = sessionIds.map((sessionId) => `'${prefix}${sessionId}'`).join(',');
        for await (const info of client.workflow.list({ query: `WorkflowId IN (${ids})`, pageSize: 100 })) {
          found.set(info.workflowId.slice(prefix.length), describe(info));
        }
        return found;
      }),

    ping: () =>
      within(2000, async () => {
        await connection.workflowService.getSystemInfo({});
      }),

    close: () => connection.close(),
  };
}

type Described = Pick<WorkflowExecutionInfo, 'typedSearchAttributes' | 'status' | 'closeTime'>;

function describe(info: Described): IssuanceDescription {
  const values = info.typedSearchAttributes;
  const phaseSince = values.get(attributes.PHASE_SINCE);
  const issuedCount = values.get(attributes.ISSUED_COUNT);
  const phase = values.get(attributes.ISSUANCE_PHASE) as IssuancePhase | undefined;
  const outcome = values.get(attributes.ISSUANCE_OUTCOME) as IssuanceOutcome | undefined;
  const problem = values.get(attributes.ISSUANCE_PROBLEM) as IssuanceProblem | undefined;
  return {
    running: info.status.name === 'RUNNING',
    failed: ['FAILED', 'TERMINATED', 'TIMED_OUT'].includes(info.status.name),
    ...(phase === undefined ? {} : { phase }),
    ...(phaseSince === undefined ? {} : { phaseSince }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(problem === undefined ? {} : { problem }),
    ...(issuedCount === undefined ? {} : { issuedCount }),
    ...(info.closeTime === undefined ? {} : { closedAt: info.closeTime }),
  };
}

function isDeadline(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || grpcCode(error) === GRPC.deadlineExceeded;
}

const GRPC = { deadlineExceeded: 4, notFound: 5 };

function grpcCode(error: unknown): number | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return cause.code;
  }
  return undefined;
}

/** Turns what the SDK throws into what endpoints know. */
function translate(error: unknown): Error {
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError) {
    const { cause } = error;
    if (cause instanceof ApplicationFailure) {
      return new IssuanceRefusal(cause.type ?? 'server_error', cause.message, cause.details ?? []);
    }
    // The workflow ended (failed, terminated) before it answered.
    return new IssuanceNotFound('the issuance is over', { cause: error });
  }
  // A server that starts may not know its namespaces yet: that says nothing of the issuance.
  const away = isDeadline(error) || error instanceof NamespaceNotFoundError;
  if (!away && (error instanceof WorkflowNotFoundError || grpcCode(error) === GRPC.notFound)) {
    return new IssuanceNotFound('there is no such issuance', { cause: error });
  }
  if (away || error instanceof ServiceError || grpcCode(error) !== undefined) {
    return new UnavailableError('the issuance service is not available at the moment; try again', { cause: error });
  }
  return error instanceof Error ? error : new Error('unknown failure', { cause: error });
}
