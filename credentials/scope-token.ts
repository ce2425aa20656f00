/** What RFC 6749 3.3 leaves out of a scope token; `%` itself is escaped too, so that no two types share a scope. */
const NO_SCOPE_CHARACTER = /[^\x21\x23-\x24\x26-\x5b\x5d-\x7e]/gu;

/** `<format>:<type>` as a scope (HAP-09, product.md 1.1). */
export function scopeToken(format: string, type: string): string {
  return `${format}:${Buffer.from(type)
    .toString()
    .replace(NO_SCOPE_CHARACTER, (character) => percentEncoded(character))}`;
}

function percentEncoded(character: string): string {
  return Buffer.from(character).toString('hex').toUpperCase().replace(/../g, '%$&');
}
