import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { registerPublishedCertificates } from '../../wallet/iaca.openapi.js';
import { registerCertificateSigners } from '../certificate-signers/signer.openapi.js';
import { registerIacas } from './iaca.openapi.js';

/** Describes the certificates of mobile credentials: their management, and what of them is public. */
export function registerCertificates(registry: OpenAPIRegistry): void {
  registerIacas(registry);
  registerCertificateSigners(registry);
  registerPublishedCertificates(registry);
}
