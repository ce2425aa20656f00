import type { CompactClaims } from '../../../credentials/cwt/compact-claims.js';
import { ownTypeOf, semanticClaim } from '../../../credentials/cwt/semantic.js';
import type { CompactSemanticSignRequest, CompactSignRequest } from './compact-sign.schema.js';

/** What is to be signed, and the type that the ledger knows it by. */
export interface WantedClaims {
  readonly claims: CompactClaims;
  readonly type: string;
}

/** Of each signature. */
interface Given {
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** The claims of a compact credential: as they are given, with the time. */
export function compactClaims({ payload }: CompactSignRequest, { jti, now }: Given): WantedClaims {
  const { type = '' } = payload;
  return { claims: { iat: now, ...payload, jti }, type };
}

/** The claims of a semantic one: its base context and type are added. */
export function compactSemanticClaims({ payload }: CompactSemanticSignRequest, { jti, now }: Given): WantedClaims {
  const { vc, ...registered } = payload;
  const types = listOf(vc.type);
  const claim = semanticClaim({ contexts: listOf(vc['@context']), types, credentialSubject: vc.credentialSubject });
  return {
    claims: { iat: now, nbf: now, ...registered, jti, vc: claim },
    type: ownTypeOf(types) ?? 'VerifiableCredential',
  };
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? []);
}
