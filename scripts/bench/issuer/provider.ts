import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { BENCH_CLAIMS } from './credential.js';
import { PROVIDER_CLIENT_ID, readProviderCode } from './provider-code.js';

/*
 * An OpenID Connect provider as far as the issuer calls one, as a process of its own: discovery document, keys, and a token
 * endpoint whose ID token is signed with ES256. Nobody logs in here.
 */

const port = Number(process.env.PORT);
const issuer = `http://localhost:${port}`;
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY_ID = 'bench';
const ID_TOKEN_SECONDS = 300;

const DOCUMENTS: Readonly<Record<string, object>> = {
  '/.well-known/openid-configuration': {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    scopes_supported: ['openid', 'profile', 'email'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  },
  '/keys': { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' }] },
};

createServer((request, response) => {
  answer(request).then(
    (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    () => response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request"}'),
  );
}).listen(port, '127.0.0.1');

async function answer(request: IncomingMessage): Promise<object> {
  const document = DOCUMENTS[request.url ?? ''];
  if (document !== undefined) return document;
  const form = new URLSearchParams(await bodyOf(request));
  const { nonce, subject } = readProviderCode(form.get('code') ?? '');
  const iat = Math.floor(Date.now() / 1000);
  const about = { iss: issuer, sub: subject, aud: PROVIDER_CLIENT_ID, nonce, iat, exp: iat + ID_TOKEN_SECONDS };
  const idToken = signed({ ...BENCH_CLAIMS, ...about });
  return { access_token: 'not-used', token_type: 'Bearer', expires_in: ID_TOKEN_SECONDS, id_token: idToken };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function signed(payload: object): string {
  const input = `${encode({ alg: 'ES256', typ: 'JWT', kid: KEY_ID })}.${encode(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
