/** A text is no compact credential. The message is a sentence without its subject, and repeats nothing of the text. */
export class CompactDecodeError extends Error {
  override readonly name = 'CompactDecodeError';
}
