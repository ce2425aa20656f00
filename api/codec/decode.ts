import type { Request, RequestHandler } from 'express';
import type { Payload } from '@temporalio/common';
import { ManagementError } from '../http/errors.js';
import { workflowIdOf } from '../issuance-client.js';
import { offerWorkflowIdOf } from '../offer-client.js';
import { recorded, type EventLocals } from '../http/recorded.js';
import { readJsonBody } from '../http/request-body.js';
import { identifyReader, readerOf } from './identify-reader.js';
import { payloadsFromJson, payloadsToJson } from './payloads.js';
import type { CodecServices, Reader } from './services.js';

// A payload may have 2 MiB at Temporal, and base64 makes a third more of it.
const MOST_BYTES = 4_194_304;

/** `POST /v1/temporal/codec/decode`: what Temporal UI and the `temporal` tool send payloads to, to show them readable. */
export function decodeEndpoint(services: CodecServices): readonly RequestHandler[] {
  const { context } = services;
  return [
    identifyReader(services),
    (request, _response, next) => {
      requireNamespace(request, context.config.TEMPORAL_NAMESPACE);
      next();
    },
    recorded(context, { stem: 'TEMPORAL_CODEC_DECODE', category: 'TEMPORAL_CODEC' }, async (request, response) => {
      const payloads = payloadsFromJson(await readJsonBody(request, { maxBytes: MOST_BYTES }));
      (response.locals as EventLocals).eventData = { payloads: payloads.length };
      const decoded = await decodeOwn(services, payloads, readerOf(response));
      response.set('Cache-Control', 'no-store').json(payloadsToJson(decoded));
    }),
  ];
}

/** The `temporal` tool may leave the header out; a wrong one means a misconfigured UI, which should say so. */
function requireNamespace(request: Request, namespace: string): void {
  const given = request.headers['x-namespace'];
  if (given === undefined || given === namespace) return;
  throw ManagementError.validation([
    { msg: `this codec serves the namespace ${namespace} only`, param: 'X-Namespace', location: 'headers' },
  ]);
}

/** Decodes what belongs to the reader's issuer, as the workflow id a payload is encrypted under tells; the rest stays as it is. */
async function decodeOwn({ codec }: CodecServices, payloads: Payload[], { issuerId }: Reader): Promise<Payload[]> {
  const own = payloads.filter((payload) => isOf(payload, issuerId));
  const decoded = new Map((await codec.decode(own)).map((payload, index) => [own[index], payload]));
  return payloads.map((payload) => decoded.get(payload) ?? payload);
}

function isOf({ metadata }: Payload, issuerId: string): boolean {
  const scope = Buffer.from(metadata?.scope ?? []).toString('utf8');
  return [workflowIdOf({ issuerId, sessionId: '' }), offerWorkflowIdOf({ issuerId, offerId: '' })].some((prefix) =>
    scope.startsWith(prefix),
  );
}
