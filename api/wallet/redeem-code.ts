import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import type { AlreadyRedeemed, RedeemTokenRequest, RedeemTokenResult, RefreshTokenBinding } from '../../workflows/messages.js';
import { OAuthError, UnavailableError } from '../http/errors.js';
import { IssuanceNotFound, IssuanceRefusal } from '../issuance-client.js';
import { codeHash, parseRoutedCode, transactionCodeHash } from '../oauth/pre-authorized-code.js';
import type { WalletServices } from './services.js';

/** What a wallet redeems. */
export interface PresentedCode {
  readonly code: string;
  readonly transactionCode: string | undefined;
  /** How long the token is to live, in seconds. */
  readonly lifetimeSeconds: number;
  readonly dpopThumbprint: string | undefined;
  /** With an authorization code: by whom it is presented. */
  readonly presenter?: Pick<RedeemTokenRequest, 'clientBinding' | 'codeChallenge'>;
  /** The refresh token that the wallet is to get along. */
  readonly refreshToken: RefreshTokenBinding | undefined;
}

/** A code redeemed: the token is still to be signed. */
export interface Redemption {
  readonly sessionId: string;
  readonly tokenId: string;
  /** Milliseconds since the epoch, in whole seconds. */
  readonly tokenExpiresAt: number;
  readonly configurationIds: readonly string[];
  /** Which of them were asked for by `authorization_details` at the authorization endpoint. */
  readonly byAuthorizationDetails: readonly string[];
}

/**
 * Redeems a pre-authorized or authorization code in its workflow, which alone decides (OID4VCI 6.1, 13.6). A code whose
 * earlier answer was lost is redeemed anew in its place. An authorization code that comes twice ends what it brought
 * (RFC 6749 4.1.2).
 *
 * @param response the answer that will carry the token: what becomes of it decides whether a retry may succeed
 * @throws {OAuthError} `invalid_grant` or `invalid_request` (OID4VCI 6.3)
 * @throws {UnavailableError} also where it cannot be told yet whether an earlier answer was lost
 */
export async function redeemCode(services: WalletServices, response: Response, presented: PresentedCode): Promise<Redemption> {
  const route = parseRoutedCode(presented.code);
  if (route === undefined) throw invalidGrant('the code is not valid');
  const { sessionId, secret } = route;
  const proof = {
    codeHash: codeHash(secret),
    ...transactionCodeProof(services, sessionId, presented.transactionCode),
    ...(presented.dpopThumbprint === undefined ? {} : { dpopThumbprint: presented.dpopThumbprint }),
    ...presented.presenter,
    ...(presented.refreshToken === undefined ? {} : { refreshToken: presented.refreshToken }),
  };
  const redeem = async (supersedes?: string): Promise<Redemption> => {
    const attempt = {
      ...newAttempt(services, presented.lifetimeSeconds),
      ...proof,
      ...(supersedes === undefined ? {} : { supersedes }),
    };
    const { tokenId, tokenExpiresAt } = attempt;
    const { configurationIds, byAuthorizationDetails = [] } = await attemptRedemption(services, response, { sessionId, attempt });
    return { sessionId, tokenId, tokenExpiresAt, configurationIds, byAuthorizationDetails };
  };
  try {
    return await redeem();
  } catch (error) {
    const holder = await supersededBy(services, error, presented);
    if (holder === undefined) {
      if (presented.presenter !== undefined && isReuse(error)) await revoke(services, sessionId);
      throw answerOf(error);
    }
    try {
      return await redeem(holder.attemptId);
    } catch (again) {
      throw answerOf(again);
    }
  }
}

function isReuse(error: unknown): boolean {
  return error instanceof IssuanceRefusal && error.type === 'already_redeemed';
}

function revoke({ context, issuer }: WalletServices, sessionId: string): Promise<void> {
  return context.issuances.revokeGrant({ issuerId: issuer.id, sessionId });
}

function transactionCodeProof(
  { context, issuer }: WalletServices,
  sessionId: string,
  code: string | undefined,
): Pick<RedeemTokenRequest, 'transactionCodeHash'> {
  if (code === undefined) return {};
  return { transactionCodeHash: transactionCodeHash({ ring: context.ring, issuerId: issuer.id, sessionId }, code) };
}

function newAttempt(
  { context }: WalletServices,
  lifetimeSeconds: number,
): Pick<RedeemTokenRequest, 'attemptId' | 'tokenId' | 'tokenExpiresAt' | 'apiInstance'> {
  return {
    attemptId: randomId(),
    tokenId: randomId(),
    tokenExpiresAt: (Math.floor(context.now() / 1000) + lifetimeSeconds) * 1000,
    apiInstance: context.instance,
  };
}

function randomId(): string {
  return randomBytes(16).toString('base64url');
}

async function attemptRedemption(
  { context, issuer, calls, deliveries }: WalletServices,
  response: Response,
  { sessionId, attempt }: { sessionId: string; attempt: RedeemTokenRequest },
): Promise<RedeemTokenResult> {
  const followed = deliveries.follow(response, attempt);
  try {
    return await calls.run(sessionId, () => context.issuances.redeemToken({ issuerId: issuer.id, sessionId }, attempt));
  } catch (error) {
    // After any other error the workflow may yet have taken the attempt: then its answer is lost with this one.
    if (error instanceof IssuanceRefusal || error instanceof IssuanceNotFound) followed.refused();
    throw error;
  }
}

/** Whose place this attempt may take: the one that holds the code, if its answer is known to be lost. */
async function supersededBy(
  { deliveries }: WalletServices,
  error: unknown,
  { dpopThumbprint }: PresentedCode,
): Promise<AlreadyRedeemed | undefined> {
  if (!(error instanceof IssuanceRefusal) || error.type !== 'already_redeemed') return undefined;
  const holder = error.details[0] as AlreadyRedeemed;
  if (holder.dpopThumbprint !== undefined && holder.dpopThumbprint !== dpopThumbprint) return undefined;
  const fate = await deliveries.fateOf(holder);
  if (fate === 'uncertain') {
    throw new UnavailableError('it is not known yet whether an earlier answer for this code was lost; try again', {
      retryAfter: 2,
    });
  }
  return fate === 'lost' ? holder : undefined;
}

function answerOf(error: unknown): unknown {
  if (error instanceof IssuanceNotFound) return invalidGrant('the code is not valid any more; begin anew', error);
  if (!(error instanceof IssuanceRefusal)) return error;
  if (error.type === 'already_redeemed') return invalidGrant('the code was used', error);
  if (error.type === 'invalid_grant') return invalidGrant(error.message, error);
  return error.type === 'invalid_request' ? new OAuthError('invalid_request', error.message, { cause: error }) : error;
}

function invalidGrant(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_grant', description, { cause });
}
