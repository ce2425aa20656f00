import type { Endpoint } from '../wallet/endpoint.js';
import type { WalletServices } from '../wallet/services.js';
import { revocationListIndex, statusListDistribution } from './status-list-distribution.js';
import { bitstringStatusList, revocationList, statusListToken } from './status-list-endpoint.js';

const PROFILE = '/v2/credentials/:profile';

/** The public endpoints of status lists, each with its path. Paths with a name in them come before those with an id. */
export function statusListPaths(services: WalletServices): readonly (readonly [string, Endpoint])[] {
  return [
    ['/v2/credentials/mobile/status-lists/distribution', statusListDistribution(services, 'mobile')],
    ['/v2/credentials/sd-jwt/status-lists/distribution', statusListDistribution(services, 'sd-jwt')],
    [`${PROFILE}/status-lists/:id/token`, statusListToken(services)],
    [`${PROFILE}/status-lists/:id/revocation`, bitstringStatusList(services, 'revocation')],
    [`${PROFILE}/status-lists/:id/suspension`, bitstringStatusList(services, 'suspension')],
    ['/v2/credentials/web-semantic/revocation-lists', revocationListIndex(services, 'web-semantic')],
    ['/v2/credentials/compact/revocation-lists', revocationListIndex(services, 'compact')],
    ['/v2/credentials/compact-semantic/revocation-lists', revocationListIndex(services, 'compact-semantic')],
    [`${PROFILE}/revocation-lists/:id`, revocationList(services)],
  ];
}
