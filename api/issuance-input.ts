import { formatOf } from '../credentials/formats.js';
import { credentialSigners } from '../keys/credential-signers.js';
import { didWebOf } from '../keys/did-web.js';
import { SignerError } from '../keys/signer.js';
import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import type { IssuanceDocument } from '../store/documents.js';
import type { IssuerSnapshot } from '../store/issuer-directory.js';
import type { IssuanceInput } from '../workflows/messages.js';
import type { ApiContext } from './context.js';

const LONGEST_SUMMARY_BYTES = 160;

type SigningContext = Pick<ApiContext, 'config' | 'ring' | 'stores' | 'now'>;

/** What every issuance starts with, whichever way its wallet comes. */
export function commonInput(
  context: SigningContext,
  { record, snapshot }: { record: IssuanceDocument; snapshot: IssuerSnapshot },
): Omit<IssuanceInput, 'grantType'> {
  const { config } = context;
  return {
    issuerId: record.issuerId,
    sessionId: record._id,
    transactionCodeAttempts: config.TRANSACTION_CODE_ATTEMPTS,
    expiresAt: record.expiresAt.getTime(),
    configurations: record.configurationIds.map((id) => {
      const configuration = snapshot.configurations.get(id);
      const claimSourceId = configuration?.claimSourceId;
      return {
        id,
        ...(claimSourceId === undefined ? {} : { claimSourceId }),
        ...(configuration !== undefined && signsRemotely(context, { configuration, snapshot })
          ? { remoteSigner: true as const }
          : {}),
      };
    }),
    issuerRevision: snapshot.revision,
    correlationId: record.correlationId,
    purgeAfterSeconds: config.PURGE_AFTER_SECONDS,
    completionWindowSeconds: config.COMPLETION_WINDOW_SECONDS,
    stuckAfterSeconds: config.STUCK_AFTER_SECONDS,
    refreshSeconds: config.REFRESH_TOKEN_SECONDS,
  };
}

/** Whether the credential is to be signed in a key store, as keys stand now. */
function signsRemotely(
  { config, ring, stores, now }: SigningContext,
  { configuration, snapshot }: { configuration: CredentialConfigurationDocument; snapshot: IssuerSnapshot },
): boolean {
  const issuerDid = didWebOf(config.PUBLIC_URL);
  const signers = credentialSigners({ records: snapshot, access: { ring, stores }, issuerDid });
  try {
    return formatOf(configuration).signsRemotely({ configuration, signers, now: now() });
  } catch (error) {
    // No key at the moment: when there is one, it signs wherever it is.
    if (error instanceof SignerError) return false;
    throw error;
  }
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
