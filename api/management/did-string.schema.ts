import { z } from 'zod';

const LONGEST = 2048;

/** A DID, or one with a fragment that names a key. */
export const didString = z
  .string()
  .max(LONGEST)
  .regex(/^did:[a-z0-9]+:\S+$/, 'must be a DID');
