import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { Config } from '../config/config.js';
import * as messages from '../workflows/offer-messages.js';
import * as attributes from '../workflows/search-attributes.js';
import { offerWorkflowIdOf, type OfferAddress, type OfferClient } from './offer-client.js';
import type { TemporalClient } from './temporal-client.js';
import { translate } from './temporal-errors.js';

export function createTemporalOfferClient({ config, temporal }: { config: Config; temporal: TemporalClient }): OfferClient {
  const { client, within, updateOrSignal } = temporal;
  const handleOf = (address: OfferAddress) => client.workflow.getHandle(offerWorkflowIdOf(address));
  // Without ids of their own: an offer may be paused again and again.
  const change = async (address: OfferAddress, update: UpdateDefinition<unknown>): Promise<void> => {
    await within(config.TOKEN_DEADLINE_MS, () => handleOf(address).executeUpdate(update));
  };

  return {
    async start(input, summary) {
      try {
        await client.withDeadline(Date.now() + config.TOKEN_DEADLINE_MS, () =>
          client.workflow.start(messages.OFFER_WORKFLOW, {
            workflowId: offerWorkflowIdOf(input),
            taskQueue: config.TEMPORAL_TASK_QUEUE,
            args: [input],
            // One that was terminated leaves an offer behind that is as good as before; one that completed does not.
            workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
            workflowIdConflictPolicy: 'FAIL',
            staticSummary: summary,
            typedSearchAttributes: [
              { key: attributes.ISSUER_ID, value: input.issuerId },
              { key: attributes.OFFER_ID, value: input.offerId },
              { key: attributes.ISSUANCE_PHASE, value: input.state === 'active' ? 'OPEN' : 'PAUSED' },
              { key: attributes.PHASE_SINCE, value: new Date() },
              ...(input.expiresAt === undefined ? [] : [{ key: attributes.OFFER_EXPIRES_AT, value: new Date(input.expiresAt) }]),
              { key: attributes.CORRELATION_ID, value: input.correlationId },
              { key: attributes.CREDENTIAL_CONFIG_IDS, value: [...input.configurationIds] },
            ],
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw translate(error);
      }
    },

    pause: (address) => change(address, messages.pauseOffer),

    resume: (address) => change(address, messages.resumeOffer),

    revoke: (address) =>
      updateOrSignal(
        () => handleOf(address).executeUpdate(messages.revokeOffer, { updateId: 'revoke' }),
        () => handleOf(address).signal(messages.revokeOfferSignal),
      ),
  };
}
