const CREDENTIALS_CONTEXT = 'https://www.w3.org/2018/credentials/v1';
const BASE_TYPE = 'VerifiableCredential';

/** The `vc` claim of a semantic credential, as the NZ COVID Pass has it. */
export interface SemanticClaim {
  readonly '@context': readonly string[];
  readonly version: '1.0.0';
  readonly type: readonly string[];
  readonly credentialSubject: Readonly<Record<string, unknown>>;
}

/**
 * A `vc` claim: the W3C context and type come first, whether they are given or not (VCDM 1.1 4.1, 4.3).
 *
 * @param options.contexts further ones
 */
export function semanticClaim({
  contexts = [],
  types,
  credentialSubject,
}: {
  contexts?: readonly string[];
  types: readonly string[];
  credentialSubject: Readonly<Record<string, unknown>>;
}): SemanticClaim {
  return {
    '@context': withFirst(CREDENTIALS_CONTEXT, contexts),
    version: '1.0.0',
    type: withFirst(BASE_TYPE, types),
    credentialSubject,
  };
}

/** A credential's own type: the first that not every credential has. */
export function ownTypeOf(types: readonly string[]): string | undefined {
  return types.find((type) => type !== BASE_TYPE);
}

function withFirst(first: string, others: readonly string[]): string[] {
  return [first, ...others.filter((other) => other !== first)];
}
