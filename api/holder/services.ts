import { BrowserCookie } from '../http/browser-cookie.js';
import type { ApiContext } from '../context.js';
import { walletServices, type WalletServices } from '../wallet/services.js';
import type { WalletIssuer } from '../wallet/wallet-issuer.js';
import { ProviderDirectory } from './provider/provider-directory.js';

/** What the endpoints that a holder's browser calls share, besides the context. */
export interface HolderServices {
  readonly context: ApiContext;
  readonly issuer: WalletIssuer;
  readonly wallet: WalletServices;
  readonly cookie: BrowserCookie;
  readonly providers: ProviderDirectory;
}

export function holderServices(context: ApiContext): HolderServices {
  const wallet = walletServices(context);
  return {
    context,
    issuer: wallet.issuer,
    wallet,
    cookie: new BrowserCookie(context.config.PUBLIC_URL),
    providers: new ProviderDirectory(context),
  };
}
