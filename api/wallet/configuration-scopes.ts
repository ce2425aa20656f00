import { formatOf } from '../../credentials/formats.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { oncePerSnapshot } from './published-document.js';

/** The scopes of an issuer, each with the configurations that it asks for: one may stand for several (OID4VCI 5.1.2). */
export const configurationsByScope: (snapshot: IssuerSnapshot) => ReadonlyMap<string, readonly string[]> = oncePerSnapshot(
  ({ configurations }) => {
    const scopes = new Map<string, string[]>();
    for (const [id, configuration] of configurations) {
      const scope = formatOf(configuration).scopeOf(configuration);
      const ids = scopes.get(scope);
      if (ids === undefined) scopes.set(scope, [id]);
      else ids.push(id);
    }
    return scopes;
  },
);
