import { WorkflowExecutionAlreadyStartedError, type WorkflowExecutionInfo } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Config } from '../config/config.js';
import * as messages from '../workflows/messages.js';
import type { IssuanceOutcome, IssuancePhase, IssuanceProblem } from '../workflows/phases.js';
import * as attributes from '../workflows/search-attributes.js';
import {
  IssuanceNotFound,
  workflowIdOf,
  type CredentialRequestOutcome,
  type IssuanceAddress,
  type IssuanceClient,
  type IssuanceDescription,
} from './issuance-client.js';
import type { TemporalClient } from './temporal-client.js';
import { isDeadline, translate } from './temporal-errors.js';

const Stage = proto.temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage;

const DESCRIBE_DEADLINE_MS = 4000;
const SIGNAL_DEADLINE_MS = 3000;
/** A result that is ready comes at once; this only covers the trip. */
const RESULT_DEADLINE_MS = 2000;
/** A worker that is killed while it decides is replaced after this long, which its wallet waits for. */
const WORKFLOW_TASK_TIMEOUT = '5s';

export function createTemporalIssuanceClient({ config, temporal }: { config: Config; temporal: TemporalClient }): IssuanceClient {
  const { client, within, updateOrSignal } = temporal;
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

  /** Ending what is over is no fault. */
  const unlessOver = async (call: () => Promise<unknown>): Promise<void> => {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof IssuanceNotFound)) throw error;
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
              { key: attributes.OFFER_ID, value: input.authorization?.offerId ?? input.sessionId },
              { key: attributes.GRANT_TYPE, value: input.grantType },
              { key: attributes.ISSUANCE_PHASE, value: input.authorization === undefined ? 'OFFERED' : 'WAIT_AUTH' },
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

    refreshToken: (address, request) =>
      within(config.TOKEN_DEADLINE_MS, () =>
        handleOf(address).executeUpdate(messages.refreshToken, { args: [request], updateId: request.tokenId }),
      ),

    revokeGrant: (address) =>
      unlessOver(() =>
        within(config.TOKEN_DEADLINE_MS, () => handleOf(address).executeUpdate(messages.revokeGrant, { updateId: 'revoke' })),
      ),

    // The holder's steps have no update id of their own: the workflow itself tells a repeat.
    authenticated: (address, request) =>
      within(config.TOKEN_DEADLINE_MS, () => handleOf(address).executeUpdate(messages.authenticated, { args: [request] })),

    authenticationFailed: (address, request) =>
      unlessOver(() =>
        within(config.TOKEN_DEADLINE_MS, () =>
          handleOf(address).executeUpdate(messages.authenticationFailed, { args: [request] }),
        ),
      ),

    interactionReturned: (address, request) =>
      within(config.TOKEN_DEADLINE_MS, () => handleOf(address).executeUpdate(messages.interactionReturned, { args: [request] })),

    resume: (address, request) =>
      within(config.TOKEN_DEADLINE_MS, () => handleOf(address).executeUpdate(messages.resume, { args: [request] })),

    decide: (address, decision) => within(SIGNAL_DEADLINE_MS, () => handleOf(address).signal(messages.claimsReady, decision)),

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
        await client.workflowService.getSystemInfo({});
      }),
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
