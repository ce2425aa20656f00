/** What came out of building a credential is not what it had to be: a fault of ours, and never given out. */
export class IssuedCredentialFault extends Error {
  override readonly name = 'IssuedCredentialFault';
}
