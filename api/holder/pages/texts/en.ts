import type { PageTexts } from './page-texts.js';

export const en: PageTexts = {
  footer: (issuer) => `On this page ${issuer} never asks for a password or for the PIN of your wallet.`,
  credentials: { claims: 'It will contain:' },
  consent: {
    title: (credentials) => (credentials === 1 ? 'Add a credential to your wallet?' : 'Add credentials to your wallet?'),
    intro: (issuer, credentials) =>
      `${issuer} can issue ${credentials === 1 ? 'this credential' : 'these credentials'} to your wallet. Nothing happens before you agree.`,
    wallet: 'Your wallet',
    verified: (issuer) => `This wallet is registered with ${issuer}.`,
    unverified: (issuer) =>
      `${issuer} does not know this wallet. Continue only if you have just started this yourself in your wallet app.`,
    returnsTo: 'The result goes to:',
    next: 'If you continue, you will be asked to identify yourself next.',
    continue: 'Continue',
    cancel: 'Cancel',
  },
  progress: {
    title: 'Your request is being checked',
    waiting: (issuer) => `${issuer} is checking your request. This can take a moment.`,
    leaving:
      'You do not have to wait here. If you return to your wallet now, the check goes on, and your wallet can fetch the credential once it is done.',
    leave: 'Return to the wallet',
  },
  reload: {
    automatic: (seconds) => `This page reloads by itself every ${seconds === 1 ? 'second' : `${seconds} seconds`}.`,
    stopped: 'This page no longer reloads by itself.',
    now: 'Reload now',
    stop: 'Stop reloading',
    start: 'Reload by itself again',
  },
  return: {
    title: 'Return to your wallet',
    pending: 'All is done here. If your wallet does not open by itself, open it with this button.',
    finished: 'All is done here, and your wallet has its answer. Please open your wallet app.',
    open: 'Open the wallet',
    close: 'After that you can close this page.',
  },
  offer: {
    states: {
      open: {
        title: 'An offer for your wallet',
        text: (issuer) => `${issuer} offers you the following. Take it into the wallet app on your phone.`,
      },
      paused: {
        title: 'This offer is paused',
        text: (issuer) => `${issuer} has paused this offer. Please try again later.`,
      },
      over: {
        title: 'This offer is over',
        text: (issuer) => `This offer can no longer be used. If you still need it, please ask ${issuer} for a new one.`,
      },
      in_progress: {
        title: 'Your wallet has taken the offer',
        text: () => 'Please go on in your wallet app. This page can be closed.',
      },
      collected: {
        title: 'It is in your wallet',
        text: (issuer) => `Your wallet has collected what ${issuer} offered you. This page can be closed.`,
      },
    },
    openIn: (wallet) => (wallet === undefined ? 'Open in your wallet' : `Open in ${wallet}`),
    thisDevice: 'If your wallet is on this device',
    otherDevice: 'If your wallet is on another device',
    scan: 'Scan this QR code with your wallet app:',
    qrCode: 'QR code of the offer',
    code: 'Have your transaction code ready',
    codeOf: {
      numeric: (length) => `Your wallet will ask for a code of ${length} ${length === 1 ? 'digit' : 'digits'}.`,
      text: (length) => `Your wallet will ask for a code of ${length} ${length === 1 ? 'character' : 'characters'}.`,
    },
    validUntil: 'Valid until:',
  },
  error: {
    faults: {
      session_over: {
        title: 'This request is over',
        text: 'It was finished already, or too much time has passed. Please begin again in your wallet.',
      },
      other_browser: {
        title: 'Please go on where you began',
        text: 'This request was begun in another browser, or your browser does not accept cookies. Go on in the browser you began in, or allow cookies and begin again in your wallet.',
      },
      invalid_request: {
        title: 'Your wallet’s request does not work',
        text: 'Your wallet sent a request that cannot be answered. Please begin again, or ask those who make the wallet.',
      },
      provider_unavailable: {
        title: 'You cannot log in at the moment',
        text: 'The service at which you identify yourself cannot be reached. Please try again in a few minutes.',
      },
      access_denied: {
        title: 'You were not logged in',
        text: 'You cancelled, or the service at which you identify yourself refused. No credential was issued.',
      },
      invalid_answer: {
        title: 'The answer cannot be accepted',
        text: 'The answer that came back does not belong to this request, or came too late. Please begin again in your wallet.',
      },
      offer_unavailable: {
        title: 'This offer is not available',
        text: 'It has expired, is paused, was withdrawn, or has been used by as many people as it was meant for.',
      },
      unavailable: {
        title: 'Please try again shortly',
        text: 'This service is not available at the moment. Nothing is lost; please try again in a few minutes.',
      },
    },
    detail: 'For the makers of the wallet:',
    retry: 'Try again',
    back: 'Return to the wallet',
    reference: 'If you ask for help, give this reference:',
  },
};
