import type { JsonObject } from '../verifiable-credential/credential-document.js';

/** Names of the claims whose value has a member that is a keyword of JSON-LD: it would change what the credential says. */
export function keywordClaims(claims: JsonObject): string[] {
  return Object.entries(claims).flatMap(([name, value]) => (hasKeyword(value) ? [name] : []));
}

function hasKeyword(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasKeyword);
  return Object.entries(value).some(([member, inner]) => member.startsWith('@') || hasKeyword(inner));
}
