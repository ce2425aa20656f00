import { z } from 'zod';
import { jsonBoundsFault } from '../json-bounds.js';
import { unique } from './unique-items.js';

const MOST_STATIC_PARAMETERS = 1000;
const LONGEST_STATIC_VALUE = 999;
const DEEPEST_STATIC_VALUE = 8;

/** Parameters of the authorization request that the issuer sets himself. */
const OWN_PARAMETERS = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
]);
const NOT_TO_BE_SET = 'must not be set: the issuer sets this parameter himself';

/** Parameters that every authorization request carries, by name. */
export const staticRequestParameters = z
  .record(z.string().min(1).max(255), z.unknown())
  .superRefine((parameters, context) => {
    const names = Object.keys(parameters);
    if (names.length > MOST_STATIC_PARAMETERS) {
      context.addIssue({ code: 'custom', message: `must be at most ${MOST_STATIC_PARAMETERS} parameters` });
      return;
    }
    for (const name of names) {
      const message = OWN_PARAMETERS.has(name) ? NOT_TO_BE_SET : staticValueFault(parameters[name]);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [name] });
    }
  })
  .meta({
    description: 'Added to every authorization request, e.g. `prompt`. Each value is less than 1000 characters of JSON.',
    example: { prompt: 'login', max_age: 0 },
  });

/** Names of parameters that are passed on from the wallet. */
export const forwardedRequestParameters = unique(
  z
    .array(
      z
        .string()
        .min(1)
        .max(255)
        .refine((name) => !OWN_PARAMETERS.has(name), { message: NOT_TO_BE_SET }),
    )
    .max(100),
).meta({ description: "Parameters of the wallet's request that are passed on, e.g. `login_hint`." });

function staticValueFault(value: unknown): string | undefined {
  const fault = jsonBoundsFault(value, { depth: DEEPEST_STATIC_VALUE, bytes: Infinity });
  if (fault !== undefined) return fault;
  return JSON.stringify(value).length > LONGEST_STATIC_VALUE ? 'must be less than 1000 characters of JSON' : undefined;
}
