/** Schemes that a browser handles itself: as a script, as a page that looks like ours, or from the holder's disk. */
const NEVER_LINKED = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'filesystem:', 'file:', 'about:', 'view-source:']);
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The address of an image where it is `https:` or an image in a `data:` URI. */
export function imageUrl(url: string): string | undefined {
  const { protocol, pathname } = parsed(url) ?? {};
  return protocol === 'https:' || (protocol === 'data:' && /^image\//i.test(pathname ?? '')) ? url : undefined;
}

/** The address of a page or form where it is a path on this server, `https:`, or `http:` on this very machine. */
export function pageUrl(url: string): string | undefined {
  if (/^\/(?![/\\])[^\s\\]*$/.test(url)) return url;
  const { protocol, hostname } = parsed(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname ?? '')) ? url : undefined;
}

/** The address of a wallet, of any scheme but those that a browser would not hand to an app or a site. */
export function walletUrl(url: string): string | undefined {
  const { protocol } = parsed(url) ?? {};
  return protocol === undefined || NEVER_LINKED.has(protocol) ? undefined : url;
}

/** Read as browsers read it, who skip tabs and line breaks wherever they are. */
function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
