import type { Request, Response } from 'express';
import { CWT_FORM, JWT_FORM } from '../../credentials/status/status-forms.js';
import type { StatusMechanism } from '../../store/status-documents.js';
import { ManagementError } from '../http/errors.js';
import { uuidParameter } from '../management/record-id.js';
import type { Endpoint } from '../wallet/endpoint.js';
import type { WalletServices } from '../wallet/services.js';
import { PublishedLists, type ServedForm, type ServedList } from './published-lists.js';

/** Longest that caches in between may keep a list: verifiers ask again by ETag, and see a revocation soon. */
const MOST_CACHED_SECONDS = 60;

const made = new WeakMap<WalletServices, PublishedLists>();

function publishedLists(services: WalletServices): PublishedLists {
  const { context, issuer } = services;
  const lists = made.get(services) ?? new PublishedLists({ db: context.db, issuerId: issuer.id, now: context.now });
  made.set(services, lists);
  return lists;
}

/** `GET /v2/credentials/{profile}/status-lists/{id}/token`: the Status List Token, as JWT or CWT (TSL-01, TSL-02). */
export function statusListToken(services: WalletServices): Endpoint {
  return async (request, response) => {
    const served = await requireList(services, request, ['token-status-list']);
    refuseHistory(request);
    // Readers of mobile credentials know the CWT form, verifiers of SD-JWT VC the other.
    const forms = served.list.profile === 'mobile' ? [CWT_FORM, JWT_FORM] : [JWT_FORM, CWT_FORM];
    const name = request.accepts(forms);
    if (name === false) {
      const message = `The list is served as ${JWT_FORM} and ${CWT_FORM}`;
      throw new ManagementError('NotAcceptable', message, { status: 406 });
    }
    sendForm(services, { request, response, served, form: served.forms.get(name), type: name });
  };
}

/** `GET /v2/credentials/{profile}/status-lists/{id}/revocation` and `/suspension`: a Bitstring Status List Credential. */
export function bitstringStatusList(services: WalletServices, purpose: 'revocation' | 'suspension'): Endpoint {
  return async (request, response) => {
    const served = await requireList(services, request, ['bitstring-status-list']);
    const form = served.forms.get(purpose);
    sendForm(services, { request, response, served, form, type: isJson(form) ? 'application/vc' : 'application/vc+jwt' });
  };
}

/** `GET /v2/credentials/{profile}/revocation-lists/{id}`: a RevocationList2020Credential, or the CWT list. */
export function revocationList(services: WalletServices): Endpoint {
  return async (request, response) => {
    const served = await requireList(services, request, ['revocation-list-2020', 'cwt-revocation-list']);
    const form = served.forms.get('revocation');
    const type = served.list.mechanism === 'cwt-revocation-list' ? CWT_FORM : 'application/vc+ld+json';
    sendForm(services, { request, response, served, form, type });
  };
}

/** @throws {ManagementError} 404, or 410 once its publication has expired */
async function requireList(
  services: WalletServices,
  request: Request,
  mechanisms: readonly StatusMechanism[],
): Promise<ServedList> {
  const served = await publishedLists(services).get(uuidParameter(request));
  const { profile } = request.params;
  if (served === undefined || served.list.profile !== profile || !mechanisms.includes(served.list.mechanism))
    throw ManagementError.notFound();
  if (served.publication.expiresAt <= services.context.now())
    throw new ManagementError('Gone', 'The status list has expired', { status: 410 });
  return served;
}

/** TSL-04: what a list said at some time is nobody's business. */
function refuseHistory({ query }: Request): void {
  if (query.time !== undefined)
    throw new ManagementError('NotImplemented', 'Past versions of the list are not served; leave out time', { status: 501 });
}

interface Sending {
  readonly request: Request;
  readonly response: Response;
  readonly served: ServedList;
  readonly form: ServedForm | undefined;
  readonly type: string;
}

/** Sends a form, or 304 to whom has it. Caches may keep it no longer than verifiers may. */
function sendForm({ context }: WalletServices, { request, response, served, form, type }: Sending): void {
  if (form === undefined) throw ManagementError.notFound();
  const { gzipped } = form;
  const isGzipped = gzipped !== undefined && request.acceptsEncodings('gzip', 'identity') === 'gzip';
  const { body, etag } = isGzipped ? gzipped : form;
  const { expiresAt, ttlSeconds } = served.publication;
  const left = Math.floor((expiresAt - context.now()) / 1000);
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'ETag',
    'Cache-Control': `public, max-age=${Math.max(0, Math.min(MOST_CACHED_SECONDS, ttlSeconds, left))}`,
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ETag: etag,
    Vary: 'Accept, Accept-Encoding',
  });
  if (request.fresh) response.status(304).end();
  else response.set({ 'Content-Type': type, ...(isGzipped ? { 'Content-Encoding': 'gzip' } : {}) }).send(body);
}

function isJson(form: ServedForm | undefined): boolean {
  return form?.body.at(0) === 0x7b;
}
