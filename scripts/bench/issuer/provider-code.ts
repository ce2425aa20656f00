/** What the issuer is called there. */
export const PROVIDER_CLIENT_ID = 'bench-issuer';

/** A login at the benchmark's provider. */
export interface ProviderLogin {
  readonly nonce: string;
  readonly subject: string;
}

/** The code that the benchmark's provider redeems: it says all there is to know, so that nothing has to be kept. */
export function providerCode({ nonce, subject }: ProviderLogin): string {
  return `${nonce}.${subject}`;
}

/** @throws {Error} for anything that `providerCode` did not make */
export function readProviderCode(code: string): ProviderLogin {
  const [nonce, subject, ...more] = code.split('.');
  if (nonce === undefined || subject === undefined || more.length > 0) throw new Error('the code is not one of this provider');
  return { nonce, subject };
}
