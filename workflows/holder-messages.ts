import { setHandler } from '@temporalio/workflow';
import {
  decided,
  passAuthentication,
  passInteraction,
  resumed,
  type AuthorizationRecord,
  type Stepped,
} from './authorization.js';
import * as messages from './messages.js';
import type { IssuanceRecord } from './phases.js';
import { checkHolderStep, checkLogin, checkTimelyStep, checkReturn, refusal } from './refusals.js';

/** The session whose holder is on the way to a code. */
interface HolderSession {
  readonly record: () => IssuanceRecord;
  readonly change: (authorization: AuthorizationRecord) => void;
}

/** Takes the messages about the holder's steps, and about the grant they lead to. */
export function handleHolder({ record, change }: HolderSession): void {
  const step = (pass: (authorization: AuthorizationRecord, now: number) => Stepped): messages.NextStep => {
    const { record: authorization, next } = pass(checkHolderStep(record()), Date.now());
    change(authorization);
    if (authorization.ended !== undefined) throw refusal('access_denied', 'the authorization was refused');
    return { next };
  };
  const changeWith = (update: (authorization: AuthorizationRecord) => AuthorizationRecord): void => {
    const { authorization } = record();
    if (authorization !== undefined) change(update(authorization));
  };

  setHandler(
    messages.authenticated,
    (request: messages.AuthenticatedRequest) => step((authorization, now) => passAuthentication(authorization, request, now)),
    { validator: (request: messages.AuthenticatedRequest) => checkLogin(record(), request) },
  );
  setHandler(
    messages.interactionReturned,
    (request: messages.InteractionReturnedRequest) => step((authorization, now) => passInteraction(authorization, request, now)),
    { validator: (request: messages.InteractionReturnedRequest) => checkReturn(record(), request) },
  );
  setHandler(
    messages.resume,
    (request: messages.ResumeRequest) => step((authorization, now) => resumed(authorization, request, now)),
    { validator: (_request: messages.ResumeRequest) => void checkTimelyStep(record()) },
  );
  setHandler(messages.authenticationFailed, ({ error }: messages.AuthenticationFailedRequest) =>
    changeWith((authorization) =>
      authorization.step === 'authentication' && authorization.ended === undefined
        ? { ...authorization, ended: 'authentication_failed', error }
        : authorization,
    ),
  );
  setHandler(messages.claimsReady, (decision) => changeWith((authorization) => decided(authorization, decision)));
  setHandler(messages.revokeGrant, () =>
    changeWith((authorization) => ({ ...authorization, ended: authorization.ended ?? 'revoked' })),
  );
}
