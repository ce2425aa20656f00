import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What is wrong with the store at the moment. */
export type StoreFault = 'hangs' | 'hangs up' | 'fails' | 'throttles' | 'denies' | 'babbles' | 'signs wrongly' | 'signs garbage';

export interface StandInRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface StandInAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The HTTP side of a cloud's key store: real requests, real keys, and faults on demand. */
export abstract class StoreStandIn {
  fault: StoreFault | undefined;
  /** Of every request that was let in. */
  readonly requests: StandInRequest[] = [];
  #server: Server | undefined;

  /** Answers a request of a client that is who it says it is. */
  protected abstract serve(request: StandInRequest): StandInAnswer;
  /** The answer of the store's own kind for a fault; checks authorization first. */
  protected abstract refuse(kind: 'fails' | 'throttles' | 'denies'): StandInAnswer;
  /** What to answer a request whose sender is unknown; nothing where it is known. */
  protected abstract unauthorized(request: StandInRequest): StandInAnswer | undefined;

  async start(tls?: { readonly key: string; readonly cert: string }): Promise<this> {
    const listener: RequestListener = (request, response) => void this.#handle(request, response);
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server?.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** A signature as it leaves: as it should be, or as the fault has it. */
  protected tampered(signature: Buffer, otherwise: () => Buffer): Buffer {
    if (this.fault === 'signs wrongly') return otherwise();
    return this.fault === 'signs garbage' ? randomBytes(signature.length) : signature;
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const request: StandInRequest = {
      method: incoming.method ?? '',
      url: new URL(incoming.url ?? '', `http://${incoming.headers.host ?? ''}`),
      headers: incoming.headers,
      body,
      json: body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {},
    };
    const answer = this.#answer(request, response);
    if (answer === undefined) return;
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(text);
  }

  #answer(request: StandInRequest, response: ServerResponse): StandInAnswer | undefined {
    const refusal = this.unauthorized(request);
    if (refusal !== undefined) return refusal;
    this.requests.push(request);
    switch (this.fault) {
      case 'hangs':
        return undefined;
      case 'hangs up':
        response.destroy();
        return undefined;
      case 'babbles':
        return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>captive portal</html>' };
      case 'fails':
      case 'throttles':
      case 'denies':
        return this.refuse(this.fault);
      case 'signs wrongly':
      case 'signs garbage':
      case undefined:
        return this.serve(request);
    }
  }
}

/** A key of the store's, with a wrong one to sign wrongly with. */
export interface StandInKey {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly wrongKey: KeyObject;
}

export function newStandInKey(kind: 'P-256' | 'Ed25519'): StandInKey {
  const pair = () => (kind === 'P-256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519'));
  return { ...pair(), wrongKey: pair().privateKey };
}
