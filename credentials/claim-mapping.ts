/** How one claim of a credential gets its value, and whether the holder can withhold it. */
export interface ClaimMapping {
  /** Path into the claims, e.g. `claims.address.formatted` or `claims['https://example.com/name']`. */
  readonly mapFrom?: string;
  /** Used where the path gives nothing; without `mapFrom` a value every credential carries. */
  readonly defaultValue?: unknown;
  /** Without a value (and default) the issuance is refused. Default false. */
  readonly required?: boolean;
}
