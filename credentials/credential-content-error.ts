/** A credential cannot be made of what it was given; trying again does not help. The message holds no value. */
export class CredentialContentError extends Error {
  override readonly name = 'CredentialContentError';
}
