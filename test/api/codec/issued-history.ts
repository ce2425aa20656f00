import { workflowIdOf } from '../../../api/issuance-client.js';
import type { Connections, SystemAddress } from '../../harness/connections.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { PlainWallet } from '../../flows/plain-wallet.js';
import type { PayloadJson } from './codec-browser.js';

/** A collected credential's issuance, as Temporal stores it. */
export interface IssuedHistory {
  readonly workflowId: string;
  readonly sessionId: string;
  /** Every byte of the history as text, base64 members decoded as well. */
  readonly text: string;
  /** Every payload in it, inputs, updates, results, summaries. */
  readonly payloads: readonly PayloadJson[];
}

/** Issues a credential over HTTP and reads its history from Temporal, past every converter. */
export async function issueAndReadHistory(system: SystemAddress & Connections): Promise<IssuedHistory> {
  const backend = await IssuerBackend.login(system);
  const wallet = new PlainWallet(system.url);
  const configurationId = await backend.configuration();
  const offer = await backend.offer([configurationId]);
  const token = await wallet.token(offer.uri);
  const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
  if (answer.status !== 200) throw new Error(`the credential endpoint answered ${answer.status}: ${answer.text}`);
  const workflowId = workflowIdOf({ issuerId: 'default', sessionId: offer.id });
  const { history } = await system.temporal.workflowService.getWorkflowExecutionHistory({
    namespace: system.namespace,
    execution: { workflowId },
  });
  const payloads: PayloadJson[] = [];
  const texts: string[] = [];
  collect(history, payloads, texts);
  return { workflowId, sessionId: offer.id, payloads, text: texts.join('\n') };
}

/**
 * In clear by design, and left out: search attributes, and what Temporal's SDK notes of a local activity for itself
 * (its type, attempt and times; its result is a payload like others).
 */
const IN_CLEAR = new Set(['searchAttributes', 'data']);

function collect(value: unknown, payloads: PayloadJson[], texts: string[]): void {
  if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('latin1'));
  else if (typeof value === 'string') texts.push(value);
  else if (Array.isArray(value)) value.forEach((item) => collect(item, payloads, texts));
  else if (typeof value === 'object' && value !== null) {
    if (isPayload(value)) payloads.push(asJson(value));
    for (const [name, member] of Object.entries(value)) {
      if (IN_CLEAR.has(name) && !(member instanceof Uint8Array)) continue;
      collect(member, payloads, texts);
    }
  }
}

interface RawPayload {
  readonly metadata: Readonly<Record<string, Uint8Array>>;
  readonly data: Uint8Array;
}

function isPayload(value: object): value is RawPayload {
  return 'data' in value && value.data instanceof Uint8Array && 'metadata' in value;
}

function asJson({ metadata, data }: RawPayload): PayloadJson {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return {
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, bytes]) => [name, base64(bytes)])),
    data: base64(data),
  };
}
