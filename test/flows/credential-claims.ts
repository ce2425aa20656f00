/** What an SD-JWT VC says, all its disclosures opened; its signature is for other tests. */
export function claimsIn(credential: string): Readonly<Record<string, unknown>> {
  const [jwt = '', ...disclosures] = credential.split('~').filter((part) => part !== '');
  const payload = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  const disclosed = disclosures.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[]);
  const named = disclosed.filter((parts) => parts.length === 3).map(([, name, value]) => [name, value] as [string, unknown]);
  return { ...payload, ...Object.fromEntries(named) };
}
