import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { CredentialContentError } from '../../../credentials/credential-content-error.js';
import { UnknownContextError } from '../../../credentials/ldp-vc/document-loader.js';
import { ldpVc } from '../../../credentials/ldp-vc/format.js';
import { mandatoryPointers } from '../../../credentials/ldp-vc/mandatory-pointers.js';
import { PROOF_ALGORITHMS } from '../../../credentials/ldp-vc/proof-suite.js';
import { resolveContexts } from '../../../credentials/ldp-vc/resolve-contexts.js';
import { signDocument, type SignedDocument } from '../../../credentials/ldp-vc/sign-document.js';
import { credentialSigners } from '../../../keys/credential-signers.js';
import { didWebOf } from '../../../keys/did-web.js';
import type { WebSemanticConfigurationDocument } from '../../../store/configuration-documents.js';
import { DEFAULT_ISSUER_ID, type IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { takeStatus } from '../../status/take-status.js';
import { w3cFaults } from '../credential-configurations/w3c-faults.js';
import { directLedgerId, enterDirectCredential, type DirectCredential } from '../direct-credentials.js';
import { readBody } from '../validation.js';
import { configurationOf, documentOf } from './signed-document.js';
import { webSemanticSignRequestSchema, type WebSemanticSignRequest } from './web-semantic-sign.schema.js';

/** `POST /v2/credentials/web-semantic/sign` (product.md 13): answers when the credential is in the ledger, so that it can be revoked. */
export async function signWebSemantic(context: ApiContext, request: Request, response: Response): Promise<void> {
  const body = await readBody(request, webSemanticSignRequestSchema, context);
  const snapshot = await context.directory.get(DEFAULT_ISSUER_ID);
  const configuration = configurationOf(body);
  requireSignable(configuration, { context, snapshot });
  const credentialId = randomUUID();
  const issuedAt = Math.floor(context.now() / 1000);
  const status = body.revocable ? await placeOf(context, configuration, credentialId) : undefined;
  const document = documentOf(body, { configuration, credentialId, issuedAt, status: status?.reference });
  const { credential, keyId } = await signWith(context, { configuration, snapshot, document });
  const { type } = configuration;
  const kept = body.persist ? { kept: credential } : {};
  const about = { credentialId, profile: 'web-semantic', type, keyId, ...validityOf(body), ...tagOf(body) } as const;
  await enterDirectCredential(context, { ...about, status, ...kept });
  (response.locals as EventLocals).eventData = { credentialId };
  response.json({ id: credentialId, credential, issuanceDate: document.issuanceDate, ...tagOf(body) });
}

function tagOf({ tag }: WebSemanticSignRequest): { tag?: string } {
  return tag === undefined ? {} : { tag };
}

function validityOf({ payload }: WebSemanticSignRequest): Pick<DirectCredential, 'validFrom' | 'validUntil'> {
  const dateOf = (date: string | undefined) => (date === undefined ? undefined : new Date(date));
  return { validFrom: dateOf(payload.issuanceDate), validUntil: dateOf(payload.expirationDate) };
}

/** @throws {ManagementError} 400 for a DID that is not the issuer's, and contexts that are not known */
function requireSignable(
  configuration: WebSemanticConfigurationDocument,
  about: { readonly context: ApiContext; readonly snapshot: IssuerSnapshot },
): void {
  const faults = w3cFaults(configuration, { ...about, algorithm: PROOF_ALGORITHMS[configuration.proofType] });
  const named = faults.map(({ param, ...fault }) => ({ ...fault, param: param === 'issuerDid' ? 'payload.issuer.id' : param }));
  const unknown = configuration.contexts.flatMap((url, index) =>
    isKnown(url, about.snapshot)
      ? []
      : [{ msg: 'is neither built in nor uploaded', param: `payload.@context[${index}]`, location: 'body' as const }],
  );
  if (named.length + unknown.length > 0) throw ManagementError.validation([...named, ...unknown]);
}

function isKnown(url: string, { contexts }: IssuerSnapshot): boolean {
  try {
    resolveContexts([url], contexts);
    return true;
  } catch (error) {
    if (error instanceof UnknownContextError) return false;
    throw error;
  }
}

function placeOf(context: ApiContext, configuration: WebSemanticConfigurationDocument, credentialId: string) {
  return takeStatus(context, {
    issuerId: DEFAULT_ISSUER_ID,
    profile: 'web-semantic',
    mechanism: ldpVc.statusMechanism(configuration),
    issuerDid: configuration.issuerDid ?? didWebOf(context.config.PUBLIC_URL),
    ledgerId: directLedgerId(credentialId),
  });
}

async function signWith(
  context: ApiContext,
  {
    configuration,
    snapshot,
    document,
  }: {
    configuration: WebSemanticConfigurationDocument;
    snapshot: IssuerSnapshot;
    document: ReturnType<typeof documentOf>;
  },
): Promise<{ credential: SignedDocument; keyId: string }> {
  const { proofType, issuerDid } = configuration;
  const signers = credentialSigners({ records: snapshot, access: context, issuerDid: didWebOf(context.config.PUBLIC_URL) });
  const assertion = signers.assertion(PROOF_ALGORITHMS[proofType], issuerDid);
  try {
    const credential = await signDocument({
      document,
      proofType,
      assertion,
      contexts: snapshot.contexts,
      created: String(document.issuanceDate),
      mandatoryPointers: mandatoryPointers(document, {}),
    });
    return { credential, keyId: assertion.signer.keyId };
  } catch (error) {
    if (!(error instanceof CredentialContentError)) throw error;
    throw ManagementError.validation([
      { msg: 'has members or types that no context defines', param: 'payload', location: 'body' },
    ]);
  }
}
