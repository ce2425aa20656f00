import type { IssuanceDocument } from '../../../store/documents.js';
import type { IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { IssuanceInput } from '../../../workflows/messages.js';
import type { ApiContext } from '../../context.js';
import { commonInput, summaryOf } from '../../issuance-input.js';
import {
  codeHash,
  parseRoutedCode,
  preAuthorizedCode,
  transactionCode,
  transactionCodeHash,
} from '../../oauth/pre-authorized-code.js';

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
  context: ApiContext,
  { record, snapshot }: { record: IssuanceDocument; snapshot: IssuerSnapshot },
): IssuanceInput {
  const { _id: sessionId, issuerId, codeKey } = record;
  const session = { ring: context.ring, issuerId, sessionId, codeKey };
  const secret = parseRoutedCode(preAuthorizedCode(session))?.secret ?? '';
  return {
    grantType: 'pre-authorized_code',
    codeHash: codeHash(secret),
    ...(record.transactionCode === undefined
      ? {}
      : { transactionCodeHash: transactionCodeHash(session, transactionCode(session, record.transactionCode)) }),
    ...commonInput(context, { record, snapshot }),
  };
}
