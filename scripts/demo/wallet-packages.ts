/** What the demo's wallet is made of: development packages, whose absence deserves a sentence. */
export async function walletPackages() {
  try {
    const [{ DemoWallet }, { AuthorizationCodeWallet }, { verifyCredential }] = await Promise.all([
      import('./wallet.js'),
      import('./code-wallet.js'),
      import('./verify-credential.js'),
    ]);
    return { DemoWallet, AuthorizationCodeWallet, verifyCredential };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('The demo needs the development packages: run `npm ci --include=dev`.', { cause: error });
  }
}
