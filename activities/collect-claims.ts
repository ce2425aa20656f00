import { ApplicationFailure } from '@temporalio/common';
import { claimsSourceParameters } from '../credentials/claims-source-request.js';
import { sealEnvelope } from '../keys/envelope.js';
import { OutboundError, type OutboundAnswer, type OutboundRequest } from '../outbound/guarded-fetch.js';
import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import type { ClaimSourceDocument } from '../store/documents.js';
import type { CollectClaimsInput } from '../workflows/activity-types.js';
import { ClaimsSourceCredentials } from './claims-source-credentials.js';
import type { ActivityDependencies } from './dependencies.js';
import { knownHolder, mergeLayers, readConfiguration, readSession, type Claims } from './session-claims.js';

/** Answers that waiting (or the operator) may mend; any other refusal is final. */
const RETRYABLE_STATUS = new Set([401, 403, 407, 408, 425, 429]);

/** Asks the claims source of a configuration and stores the answer, sealed, with the session. Once per session and source. */
export function createCollectClaims(dependencies: ActivityDependencies): (input: CollectClaimsInput) => Promise<void> {
  const credentials = new ClaimsSourceCredentials(dependencies);
  return async (input) => {
    const session = await readSession(dependencies, input);
    if (session.collected?.[input.claimSourceId] !== undefined) return;
    const configuration = await readConfiguration(dependencies, input);
    const source = await readSource(dependencies, input);
    const { claims: known } = mergeLayers((await knownHolder(dependencies, session)).layers);
    const parameters = claimsSourceParameters({
      requestParameters: source.requestParameters,
      source: { claims: known, credentialConfiguration: asKnownToIssuers(configuration) },
    });
    await dependencies.reach('collect-claims.before-request');
    const claims = await ask({ dependencies, credentials, source, parameters });
    await dependencies.reach('collect-claims.after-request');
    await store(dependencies, input, claims);
    await dependencies.reach('collect-claims.after-store');
  };
}

/** The configuration under the names the management API gives its members. */
function asKnownToIssuers({ _id: id, type, profile, expiresIn, branding, display }: CredentialConfigurationDocument): object {
  return { id, type, profile, expiresIn, branding, display };
}

async function readSource({ directory }: ActivityDependencies, input: CollectClaimsInput): Promise<ClaimSourceDocument> {
  const source = (await directory.get(input.issuerId, input.issuerRevision)).claimSources.get(input.claimSourceId);
  if (source === undefined) throw ApplicationFailure.nonRetryable('the claims source was deleted', 'ClaimsSourceGone');
  return source;
}

interface Question {
  readonly dependencies: ActivityDependencies;
  readonly credentials: ClaimsSourceCredentials;
  readonly source: ClaimSourceDocument;
  readonly parameters: Readonly<Record<string, unknown>>;
}

async function ask({ dependencies, credentials, source, parameters }: Question): Promise<Claims> {
  const started = dependencies.now();
  const note = (result: string) => dependencies.meter.claimsSourceAnswered(result, (dependencies.now() - started) / 1000);
  try {
    const answer = await dependencies.fetch(buildRequest(source, parameters, await credentials.headers(source)));
    if (answer.status === 401) credentials.forget(source);
    const claims = readAnswer(answer);
    note('answered');
    return claims;
  } catch (error) {
    const failure = asFailure(error);
    note(failure.type ?? 'failed');
    if (failure.nonRetryable === true && source.onFailure === 'continue') return {};
    throw failure;
  }
}

function buildRequest(
  source: ClaimSourceDocument,
  parameters: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): OutboundRequest {
  const common = { accept: 'application/json', ...headers };
  if (source.requestMethod === 'POST') {
    const body = JSON.stringify(parameters);
    return { url: source.url, method: 'POST', headers: { ...common, 'content-type': 'application/json' }, body };
  }
  const url = new URL(source.url);
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return { url: url.href, method: 'GET', headers: common };
}

function readAnswer({ status, mediaType, retryAfter, body }: OutboundAnswer): Claims {
  if (status < 200 || status > 299) {
    if (status < 500 && !RETRYABLE_STATUS.has(status)) {
      throw ApplicationFailure.nonRetryable(`the claims source answered ${status}`, 'ClaimsRejected');
    }
    throw ApplicationFailure.create({
      type: 'ClaimsSourceUnavailable',
      message: `the claims source answered ${status}`,
      ...(retryAfter === undefined ? {} : { nextRetryDelay: `${Math.min(Math.max(retryAfter, 1), 300)}s` }),
    });
  }
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json')) {
    throw ApplicationFailure.nonRetryable('the claims source did not answer with application/json', 'ClaimsSourceInvalid');
  }
  return parseObject(body);
}

function parseObject(body: string): Claims {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // The parser's message would quote the answer.
    throw ApplicationFailure.nonRetryable('the claims source did not answer with valid JSON', 'ClaimsSourceInvalid');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw ApplicationFailure.nonRetryable('the claims source did not answer with a JSON object', 'ClaimsSourceInvalid');
  }
  return value as Claims;
}

function asFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof OutboundError) {
    const passing = error.reason === 'unreachable' || error.reason === 'timeout';
    return ApplicationFailure.create({
      type: passing ? 'ClaimsSourceUnavailable' : 'ClaimsSourceInvalid',
      message: `the claims source gave no usable answer: ${error.message}`,
      nonRetryable: !passing,
    });
  }
  throw error;
}

async function store({ db, ring }: ActivityDependencies, input: CollectClaimsInput, claims: Claims): Promise<void> {
  const { sessionId, issuerId, claimSourceId } = input;
  const field = `collected.${claimSourceId}`;
  const envelope = sealEnvelope({ ring, value: claims, context: `${sessionId}/${claimSourceId}` });
  await db.issuances.updateOne(
    { _id: sessionId, issuerId, [field]: { $exists: false }, closedAt: { $exists: false } },
    { $set: { [field]: envelope } },
  );
}
