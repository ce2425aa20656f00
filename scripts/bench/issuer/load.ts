import { serveGenerator } from '../generator-messages.js';
import type { IssuerTarget } from './target.js';
import { benchWallet } from './wallet.js';

serveGenerator<IssuerTarget>(async ({ target, concurrency }) => {
  const wallets = Array.from({ length: concurrency }, () => benchWallet(target));
  return Promise.resolve({
    wallet: (index) => wallets[index]?.issue ?? (() => Promise.reject(new Error('there is no such wallet'))),
    close: async () => {
      await Promise.all(wallets.map((wallet) => wallet.close()));
    },
  });
});
