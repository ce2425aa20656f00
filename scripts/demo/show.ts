import type { VerifiedCredential } from './verify-credential.js';

const TECHNICAL = new Set(['iss', 'vct', 'iat', 'nbf', 'exp', 'cnf', 'status', '_sd_alg']);

/** A verified credential for a person to read. */
export function show({ payload, keyId, disclosures, certificateSubject }: VerifiedCredential): string {
  const claims = Object.entries(payload).filter(([name]) => !TECHNICAL.has(name));
  const facts: [string, unknown][] = [
    ['issuer', payload.iss],
    ['type', payload.vct],
    ['valid until', typeof payload.exp === 'number' ? new Date(payload.exp * 1000).toISOString() : 'no end'],
    ['signed by', `${keyId}${certificateSubject === undefined ? '' : ` (${certificateSubject.replaceAll('\n', ', ')})`}`],
    ['bound to', 'a key of this wallet'],
    ['withholdable', `${disclosures} claims and array elements`],
  ];
  return [...table(facts), '', ...table(claims.flatMap(([name, value]) => rows(name, value)))].join('\n');
}

function rows(name: string, value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((element: unknown, index) => rows(`${name}[${index}]`, element));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([member, inner]) => rows(`${name}.${member}`, inner));
  return [[name, value]];
}

function table(entries: readonly (readonly [string, unknown])[]): string[] {
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `  ${name.padEnd(width)}  ${String(value)}`);
}
