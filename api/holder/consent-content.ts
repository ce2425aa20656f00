import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import { credentialSummaries, issuerBranding } from './pages/branding.js';
import type { ConsentContent, PageForm } from './pages/page-contents.js';

/** What the holder is asked to agree to: which credentials with which claims, from whom, into which wallet (AUT-15). */
export function consentContent({
  snapshot,
  authorization,
  languages,
  form,
}: {
  snapshot: IssuerSnapshot;
  authorization: AuthorizationRequest;
  languages: readonly string[];
  form: PageForm;
}): ConsentContent {
  const { clientId, redirectUri, configurationIds } = authorization;
  const configurations = configurationIds.flatMap((id) => snapshot.configurations.get(id) ?? []);
  const client = snapshot.walletClients.get(clientId);
  const { protocol, host } = new URL(redirectUri);
  return {
    issuer: issuerBranding(snapshot.issuer, languages),
    credentials: credentialSummaries({ configurations, languages }),
    wallet: {
      name: client?.name ?? clientId,
      verified: client !== undefined,
      returnsTo: protocol === 'https:' || protocol === 'http:' ? host : protocol,
    },
    form,
  };
}
