import { generateKeyPairSync } from 'node:crypto';
import { createLeafCertificate, createRootCertificate } from '../../../keys/certificates.js';
import { signerOf } from '../../../keys/local-signer.js';
import { toPem } from '../issuer-keys.js';

/** What a server at `localhost` needs for TLS, and the root by which clients know it. PEM. */
export async function localTls(): Promise<{ readonly key: string; readonly cert: string; readonly ca: string }> {
  const subject = { issuerName: 'Stand-in', country: 'NZ', now: Date.now() };
  const signer = signerOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const certificate = await createRootCertificate({ ...subject, signer });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { publicJwk } = signerOf({ privateKey });
  const leaf = await createLeafCertificate({
    ...subject,
    root: { signer, certificate },
    publicJwk,
    host: 'localhost',
    identifier: 'https://localhost',
  });
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    cert: toPem(leaf),
    ca: toPem(certificate),
  };
}
