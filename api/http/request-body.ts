import type { IncomingMessage } from 'node:http';

/** The body cannot be read as asked. The endpoint turns it into its own protocol's error. */
export class RequestBodyError extends Error {
  override readonly name = 'RequestBodyError';
  constructor(
    /** 400 malformed, 408 too slow, 413 too large, 415 wrong media type or encoding. */
    readonly status: 400 | 408 | 413 | 415,
    message: string,
  ) {
    super(message);
  }
}

interface BodyLimits {
  /** Bytes. */
  readonly maxBytes: number;
  /** Milliseconds for the whole body to arrive. */
  readonly timeoutMs?: number;
}

/**
 * Reads a JSON body: any JSON value.
 *
 * @throws {RequestBodyError}
 */
export async function readJsonBody(request: IncomingMessage, limits: BodyLimits): Promise<unknown> {
  requireMediaType(request, 'application/json');
  const text = await readText(request, limits);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RequestBodyError(400, 'the body is not valid JSON');
  }
}

/**
 * Reads an `application/x-www-form-urlencoded` body. A parameter given twice is refused (RFC 6749 3.2).
 *
 * @throws {RequestBodyError}
 */
export async function readFormBody(request: IncomingMessage, limits: BodyLimits): Promise<ReadonlyMap<string, string>> {
  requireMediaType(request, 'application/x-www-form-urlencoded');
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(await readText(request, limits))) {
    if (values.has(name)) throw new RequestBodyError(400, 'a parameter appears more than once');
    values.set(name, value);
  }
  return values;
}

function requireMediaType(request: IncomingMessage, expected: string): void {
  const given = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (given !== expected) throw new RequestBodyError(415, `the Content-Type must be ${expected}`);
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw new RequestBodyError(415, 'the body must not be compressed');
}

async function readText(request: IncomingMessage, { maxBytes, timeoutMs = 10_000 }: BodyLimits): Promise<string> {
  const tooLarge = new RequestBodyError(413, `the body is larger than ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new RequestBodyError(408, 'the body took too long to arrive')), timeoutMs);
    request
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) {
          // Keep draining so that the client can read our answer instead of a reset.
          chunks.length = 0;
          reject(tooLarge);
        } else chunks.push(chunk);
      })
      .once('end', resolve)
      .once('aborted', () => reject(new RequestBodyError(400, 'the body ended early')))
      .once('error', () => reject(new RequestBodyError(400, 'the body could not be read')));
    const settle = () => clearTimeout(timer);
    request.once('end', settle).once('close', settle);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new RequestBodyError(400, 'the body is not valid UTF-8');
  }
}
