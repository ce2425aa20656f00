import { consentPage } from '../../../../api/holder/pages/consent-page.js';
import { errorPage } from '../../../../api/holder/pages/error-page.js';
import type { Language } from '../../../../api/holder/pages/languages.js';
import { offerPage } from '../../../../api/holder/pages/offer-page.js';
import type {
  ConsentContent,
  ErrorContent,
  HolderFault,
  IssuerBranding,
  OfferPageContent,
  OfferPageState,
  PageForm,
} from '../../../../api/holder/pages/page-contents.js';
import { progressPage } from '../../../../api/holder/pages/progress-page.js';
import { returnPage } from '../../../../api/holder/pages/return-page.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#0b3d91" d="M0 0h8v8H0z"/></svg>';

/** A picture as a `data:` URI. */
export const PICTURE = `data:image/svg+xml;base64,${Buffer.from(SVG).toString('base64')}`;

export const FAULTS: readonly HolderFault[] = [
  'session_over',
  'other_browser',
  'invalid_request',
  'provider_unavailable',
  'access_denied',
  'invalid_answer',
  'offer_unavailable',
  'unavailable',
];

const STATES: readonly OfferPageState[] = ['open', 'paused', 'over', 'in_progress', 'collected'];

/** What the samples are made of: all that others choose. */
export interface Ingredients {
  readonly issuer: IssuerBranding;
  readonly form: PageForm;
  readonly text: (name: string) => string;
  readonly image: string;
  readonly qrCode: string;
  readonly returnUrl: string;
  readonly here: string;
  readonly seconds: number;
}

export const USUAL: Ingredients = {
  issuer: {
    name: 'Kauri Institute of Technology',
    logo: { uri: PICTURE, altText: '' },
    backgroundColor: '#0b3d91',
    textColor: '#ffffff',
  },
  form: { action: '/form', fields: { form_token: '1700000000000.AAAAAAAAAAAAAAAAAAAAAA', request: 'abc' } },
  text: (name) => name,
  image: PICTURE,
  qrCode: PICTURE,
  returnUrl: 'eudi-openid4ci://authorize?error=access_denied&state=a1',
  here: '/page',
  // So long that no page reloads in the middle of a test.
  seconds: 600,
};

/** A page of each kind, in all its variants, by name. */
export function everyPage(from: Ingredients): Readonly<Record<string, (language: Language) => string>> {
  const { issuer, form, text, image, qrCode, returnUrl, here, seconds } = from;
  const credentials = [
    {
      name: text('Student card'),
      description: text('Shows that you study at the institute.'),
      logo: { uri: image, altText: text('Emblem') },
      claims: [text('Given name'), text('Family name'), text('address: locality'), text('Student number')],
    },
    { name: text('Library card'), claims: [text('Number')] },
  ];
  const consent: ConsentContent = {
    issuer,
    credentials,
    wallet: { name: text('Paua Wallet'), verified: true, returnsTo: text('wallet.example') },
    form,
  };
  const reload = { url: here, seconds };
  const error = (content: Partial<ErrorContent>) => (language: Language) =>
    errorPage({ issuer, fault: 'access_denied', requestId: text('4f1c0d9e-7a53-4a43-9d6c-6a1b7d1f0b11'), ...content }, language);
  const invitation: OfferPageContent['invitation'] = {
    qrCode,
    links: [
      { wallet: text('Kea Wallet'), url: returnUrl },
      { wallet: text('Paua Wallet'), url: returnUrl },
    ],
    transactionCode: { length: 6, inputMode: 'numeric', description: text('It was sent to you by post.') },
    expiresAt: new Date('2030-03-01T16:05:00Z'),
  };
  return {
    consent: (language) => consentPage(consent, language),
    'consent, unknown wallet': (language) =>
      consentPage({ ...consent, credentials: credentials.slice(0, 1), wallet: { ...consent.wallet, verified: false } }, language),
    progress: (language) => progressPage({ issuer, reload, form }, language),
    'progress, reloading stopped': (language) => progressPage({ issuer, reload: { ...reload, seconds: 0 }, form }, language),
    error: error({ detail: text('The parameter code_challenge is missing.'), returnUrl, retry: form }),
    'error, retry by link': error({ retry: { url: here } }),
    ...Object.fromEntries(FAULTS.map((fault) => [`error, ${fault}`, error({ fault })])),
    return: (language) => returnPage({ issuer, returnUrl }, language),
    'return, nothing to send': (language) => returnPage({ issuer }, language),
    offer: (language) => offerPage({ issuer, credentials, state: 'open', invitation, reload }, language),
    ...Object.fromEntries(
      STATES.map((state) => [`offer, ${state}`, (language: Language) => offerPage({ issuer, credentials, state }, language)]),
    ),
  };
}
