import type { CredentialConfigurationDocument, IssuanceDocument } from '../../../store/documents.js';
import type { IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { IssuanceInput } from '../../../workflows/messages.js';
import type { ApiContext } from '../../context.js';
import {
  codeHash,
  parseRoutedCode,
  preAuthorizedCode,
  transactionCode,
  transactionCodeHash,
} from '../../oauth/pre-authorized-code.js';

const LONGEST_SUMMARY_BYTES = 160;

/** Starts the durable issuance of an offer's record; does nothing where it runs already, or was over before it could start. */
export async function startIssuance(
  context: ApiContext,
  { record, snapshot }: { record: IssuanceDocument; snapshot: IssuerSnapshot },
): Promise<void> {
  const isOver = record.closedAt !== undefined || record.withdrawnAt !== undefined || record.expiresAt.getTime() <= context.now();
  if (isOver) return;
  await context.issuances.start(issuanceInput(context, { record, snapshot }), summaryOf(record, snapshot));
}

function issuanceInput(
  { config, ring }: ApiContext,
  { record, snapshot }: { record: IssuanceDocument; snapshot: IssuerSnapshot },
): IssuanceInput {
  const { _id: sessionId, issuerId, codeKey } = record;
  const session = { ring, issuerId, sessionId, codeKey };
  const secret = parseRoutedCode(preAuthorizedCode(session))?.secret ?? '';
  return {
    issuerId,
    sessionId,
    grantType: 'pre-authorized_code',
    codeHash: codeHash(secret),
    ...(record.transactionCode === undefined
      ? {}
      : { transactionCodeHash: transactionCodeHash(session, transactionCode(session, record.transactionCode)) }),
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
  };
}

/** What operators read in Temporal UI: the credentials' names, one line, no personal data. */
function summaryOf({ configurationIds }: IssuanceDocument, { configurations }: IssuerSnapshot): string {
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
