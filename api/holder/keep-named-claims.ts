import { authorizationPolicy } from '../../store/openid-configuration.js';
import { keepClaims } from '../../store/users.js';
import type { HolderServices } from './services.js';

/** Keeps those claims with the user that `names` names, unless the issuer forbids keeping any. */
export async function keepNamedClaims(
  { context, issuer }: HolderServices,
  { userId, claims, names }: { userId: string; claims: Readonly<Record<string, unknown>>; names: readonly string[] },
): Promise<void> {
  const kept = names.filter((name) => Object.hasOwn(claims, name)).map((name) => [name, claims[name]] as const);
  if (kept.length === 0) return;
  const { issuer: record } = await context.directory.get(issuer.id);
  if (!authorizationPolicy(record).persistClaims) return;
  await keepClaims({ db: context.db, ring: context.ring, issuerId: issuer.id }, { userId, claims: Object.fromEntries(kept) });
}
