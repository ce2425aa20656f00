import { createHash, createHmac, randomUUID, sign } from 'node:crypto';
import { derSignature, signDigest } from './sign-digest.js';
import { newStandInKey, StoreStandIn, type StandInAnswer, type StandInKey, type StandInRequest } from './store-stand-in.js';

const ERRORS = {
  fails: [500, 'KMSInternalException'],
  throttles: [400, 'ThrottlingException'],
  denies: [400, 'AccessDeniedException'],
} as const;

/** AWS KMS: JSON 1.1, Signature Version 4, keys by ARN, ECDSA signatures as DER. */
export class AwsKmsStandIn extends StoreStandIn {
  readonly region = 'eu-central-1';
  readonly accessKeyId = 'AKIDOFTHESTANDIN';
  readonly secretAccessKey = 'secret-access-key-of-the-stand-in';
  readonly keys = new Map<string, StandInKey & { readonly spec: string; readonly description: unknown }>();

  protected unauthorized(request: StandInRequest): StandInAnswer | undefined {
    return request.headers.authorization === this.#authorization(request) ? undefined : error(400, 'InvalidSignatureException');
  }

  protected refuse(kind: keyof typeof ERRORS): StandInAnswer {
    const [status, code] = ERRORS[kind];
    return error(status, code);
  }

  protected serve({ method, headers, json }: StandInRequest): StandInAnswer {
    if (method !== 'POST' || headers['content-type'] !== 'application/x-amz-json-1.1')
      return error(400, 'SerializationException');
    if (headers['x-amz-target'] === 'TrentService.CreateKey') return this.#create(json);
    const arn = String(json.KeyId);
    const key = this.keys.get(arn);
    if (key === undefined) return error(400, 'NotFoundException');
    switch (String(headers['x-amz-target'])) {
      case 'TrentService.GetPublicKey': {
        const spki = key.publicKey.export({ format: 'der', type: 'spki' });
        return answer({ KeyId: arn, KeySpec: key.spec, KeyUsage: 'SIGN_VERIFY', PublicKey: spki.toString('base64') });
      }
      case 'TrentService.Sign':
        return this.#sign(arn, key, json);
      default:
        return error(400, 'UnknownOperationException');
    }
  }

  #create({ KeySpec, KeyUsage, Description }: StandInRequest['json']): StandInAnswer {
    const isKnown = KeySpec === 'ECC_NIST_P256' || KeySpec === 'ECC_NIST_EDWARDS25519';
    if (!isKnown || KeyUsage !== 'SIGN_VERIFY') return error(400, 'ValidationException');
    const id = randomUUID();
    const arn = `arn:aws:kms:${this.region}:111122223333:key/${id}`;
    const key = newStandInKey(KeySpec === 'ECC_NIST_P256' ? 'P-256' : 'Ed25519');
    this.keys.set(arn, { ...key, spec: KeySpec, description: Description });
    return answer({ KeyMetadata: { Arn: arn, KeyId: id, KeySpec, KeyUsage, KeyState: 'Enabled' } });
  }

  #sign(arn: string, key: StandInKey & { readonly spec: string }, json: StandInRequest['json']): StandInAnswer {
    const message = Buffer.from(String(json.Message), 'base64');
    if (key.spec === 'ECC_NIST_P256') {
      const isDigest = json.MessageType === 'DIGEST' && json.SigningAlgorithm === 'ECDSA_SHA_256' && message.length === 32;
      if (!isDigest) return error(400, 'ValidationException');
      const signature = this.tampered(derSignature(signDigest(key.privateKey, message)), () =>
        derSignature(signDigest(key.wrongKey, message)),
      );
      return answer({ KeyId: arn, Signature: signature.toString('base64'), SigningAlgorithm: 'ECDSA_SHA_256' });
    }
    const isRaw = json.MessageType === 'RAW' && json.SigningAlgorithm === 'ED25519_SHA_512' && message.length <= 4096;
    if (!isRaw) return error(400, 'ValidationException');
    const signature = this.tampered(sign(null, message, key.privateKey), () => sign(null, message, key.wrongKey));
    return answer({ KeyId: arn, Signature: signature.toString('base64'), SigningAlgorithm: 'ED25519_SHA_512' });
  }

  /** What the header has to be (AWS Signature Version 4), from the request and the secret. */
  #authorization({ method, url, headers, body }: StandInRequest): string {
    const [, signedHeaders = ''] = /SignedHeaders=([^,]+),/.exec(headers.authorization ?? '') ?? [];
    const time = String(headers['x-amz-date']);
    const scope = `${time.slice(0, 8)}/${this.region}/kms/aws4_request`;
    const canonical = [
      method,
      url.pathname,
      '',
      ...signedHeaders.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
      '',
      signedHeaders,
      sha256(body),
    ].join('\n');
    const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
    const key = scope.split('/').reduce<Buffer>((secret, part) => hmac(secret, part), Buffer.from(`AWS4${this.secretAccessKey}`));
    const signature = hmac(key, toSign).toString('hex');
    return `AWS4-HMAC-SHA256 Credential=${this.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  }
}

function answer(body: unknown): StandInAnswer {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
}

function error(status: number, code: string): StandInAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: { __type: code, message: 'of account 111122223333' },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
