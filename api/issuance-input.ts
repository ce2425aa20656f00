import type { Config } from '../config/config.js';
import type { CredentialConfigurationDocument, IssuanceDocument } from '../store/documents.js';
import type { IssuerSnapshot } from '../store/issuer-directory.js';
import type { IssuanceInput } from '../workflows/messages.js';

const LONGEST_SUMMARY_BYTES = 160;

/** What every issuance starts with, whichever way its wallet comes. */
export function commonInput(
  config: Config,
  { record, snapshot }: { record: IssuanceDocument; snapshot: IssuerSnapshot },
): Omit<IssuanceInput, 'grantType'> {
  return {
    issuerId: record.issuerId,
    sessionId: record._id,
    transactionCodeAttempts: config.TRANSACTION_CODE_ATTEMPTS,
    expiresAt: record.expiresAt.getTime(),
    configurations: record.configurationIds.map((id) => {
      const claimSourceId = snapshot.configurations.get(id)?.claimSourceId;
      return { id, ...(claimSourceId === undefined ? {} : { claimSourceId }) };
    }),
    issuerRevision: snapshot.revision,
    correlationId: record.correlationId,
    purgeAfterSeconds: config.PURGE_AFTER_SECONDS,
    completionWindowSeconds: config.COMPLETION_WINDOW_SECONDS,
    stuckAfterSeconds: config.STUCK_AFTER_SECONDS,
    refreshSeconds: config.REFRESH_TOKEN_SECONDS,
  };
}

/** What operators read in Temporal UI: the credentials' names, one line, no personal data. */
export function summaryOf(
  { configurationIds }: Pick<IssuanceDocument, 'configurationIds'>,
  { configurations }: IssuerSnapshot,
): string {
  const names = configurationIds.map((id) => nameOf(configurations.get(id)) ?? id).join(', ');
  const line = names.replace(/[\p{Cc}\p{Cf}`*_[\]<>|]/gu, ' ');
  const bytes = Buffer.from(line);
  if (bytes.length <= LONGEST_SUMMARY_BYTES) return line;
  return `${bytes
    .subarray(0, LONGEST_SUMMARY_BYTES)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}...`;
}

function nameOf(configuration: CredentialConfigurationDocument | undefined): string | undefined {
  return configuration?.branding?.name ?? configuration?.display?.[0]?.name ?? configuration?.type;
}
