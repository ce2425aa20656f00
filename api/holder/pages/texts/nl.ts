import type { PageTexts } from './page-texts.js';

export const nl: PageTexts = {
  footer: (issuer) => `${issuer} vraagt op deze pagina nooit om een wachtwoord of om de pincode van uw wallet.`,
  credentials: { claims: 'Dit komt erin te staan:' },
  consent: {
    title: (credentials) =>
      credentials === 1 ? 'Digitaal bewijs aan uw wallet toevoegen?' : 'Digitale bewijzen aan uw wallet toevoegen?',
    intro: (issuer, credentials) =>
      `${issuer} kan ${credentials === 1 ? 'dit bewijs' : 'deze bewijzen'} aan uw wallet uitgeven. Zonder uw toestemming gebeurt er niets.`,
    wallet: 'Uw wallet',
    verified: (issuer) => `Deze wallet is geregistreerd bij ${issuer}.`,
    unverified: (issuer) => `${issuer} kent deze wallet niet. Ga alleen door als u dit net zelf in uw wallet-app bent begonnen.`,
    returnsTo: 'Het resultaat gaat naar:',
    next: 'Als u doorgaat, wordt u hierna gevraagd u te identificeren.',
    continue: 'Doorgaan',
    cancel: 'Annuleren',
  },
  progress: {
    title: 'Uw aanvraag wordt gecontroleerd',
    waiting: (issuer) => `${issuer} controleert uw aanvraag. Dit kan even duren.`,
    leaving:
      'U hoeft hier niet te wachten. Als u nu naar uw wallet teruggaat, loopt de controle door en kan uw wallet het bewijs ophalen zodra die klaar is.',
    leave: 'Terug naar de wallet',
  },
  reload: {
    automatic: (seconds) =>
      `Deze pagina wordt ${seconds === 1 ? 'elke seconde' : `elke ${seconds} seconden`} vanzelf opnieuw geladen.`,
    stopped: 'Deze pagina wordt niet meer vanzelf opnieuw geladen.',
    now: 'Nu opnieuw laden',
    stop: 'Niet meer opnieuw laden',
    start: 'Weer vanzelf opnieuw laden',
  },
  return: {
    title: 'Terug naar uw wallet',
    pending: 'Hier is alles klaar. Gaat uw wallet niet vanzelf open, open die dan met deze knop.',
    finished: 'Hier is alles klaar en uw wallet heeft antwoord gekregen. Open uw wallet-app.',
    open: 'Wallet openen',
    close: 'Daarna kunt u deze pagina sluiten.',
  },
  offer: {
    states: {
      open: {
        title: 'Een aanbod voor uw wallet',
        text: (issuer) => `${issuer} biedt u het volgende aan. Voeg het toe aan de wallet-app op uw telefoon.`,
      },
      paused: {
        title: 'Dit aanbod is gepauzeerd',
        text: (issuer) => `${issuer} heeft dit aanbod gepauzeerd. Probeer het later opnieuw.`,
      },
      over: {
        title: 'Dit aanbod is voorbij',
        text: (issuer) =>
          `Dit aanbod kan niet meer worden gebruikt. Hebt u het nog nodig, vraag ${issuer} dan om een nieuw aanbod.`,
      },
      in_progress: {
        title: 'Uw wallet heeft het aanbod aangenomen',
        text: () => 'Ga verder in uw wallet-app. U kunt deze pagina sluiten.',
      },
      collected: {
        title: 'Het staat in uw wallet',
        text: (issuer) => `Uw wallet heeft opgehaald wat ${issuer} u aanbood. U kunt deze pagina sluiten.`,
      },
    },
    openIn: (wallet) => (wallet === undefined ? 'Open in uw wallet' : `Open in ${wallet}`),
    thisDevice: 'Als uw wallet op dit apparaat staat',
    otherDevice: 'Als uw wallet op een ander apparaat staat',
    scan: 'Scan deze QR-code met uw wallet-app:',
    qrCode: 'QR-code van het aanbod',
    code: 'Houd uw transactiecode bij de hand',
    codeOf: {
      numeric: (length) => `Uw wallet zal om een code van ${length} ${length === 1 ? 'cijfer' : 'cijfers'} vragen.`,
      text: (length) => `Uw wallet zal om een code van ${length} ${length === 1 ? 'teken' : 'tekens'} vragen.`,
    },
    validUntil: 'Geldig tot:',
  },
  error: {
    faults: {
      session_over: {
        title: 'Deze aanvraag is voorbij',
        text: 'De aanvraag is al afgerond of er is te veel tijd verstreken. Begin opnieuw in uw wallet.',
      },
      other_browser: {
        title: 'Ga verder waar u bent begonnen',
        text: 'Deze aanvraag is in een andere browser begonnen, of uw browser accepteert geen cookies. Ga verder in de browser waarin u bent begonnen, of sta cookies toe en begin opnieuw in uw wallet.',
      },
      invalid_request: {
        title: 'Het verzoek van uw wallet klopt niet',
        text: 'Uw wallet heeft een verzoek gestuurd dat niet kan worden beantwoord. Begin opnieuw of vraag het de maker van de wallet.',
      },
      provider_unavailable: {
        title: 'Inloggen is op dit moment niet mogelijk',
        text: 'De dienst waarbij u zich identificeert, is niet bereikbaar. Probeer het over een paar minuten opnieuw.',
      },
      access_denied: {
        title: 'U bent niet ingelogd',
        text: 'U hebt geannuleerd, of de dienst waarbij u zich identificeert, heeft geweigerd. Er is geen bewijs uitgegeven.',
      },
      invalid_answer: {
        title: 'Het antwoord kan niet worden geaccepteerd',
        text: 'Het antwoord dat terugkwam, hoort niet bij deze aanvraag of kwam te laat. Begin opnieuw in uw wallet.',
      },
      offer_unavailable: {
        title: 'Dit aanbod is niet beschikbaar',
        text: 'Het is verlopen, is gepauzeerd, is ingetrokken of is al gebruikt door het aantal personen waarvoor het bedoeld was.',
      },
      unavailable: {
        title: 'Probeer het zo opnieuw',
        text: 'Deze dienst is op dit moment niet beschikbaar. Er is niets verloren; probeer het over een paar minuten opnieuw.',
      },
    },
    detail: 'Voor de maker van de wallet:',
    retry: 'Opnieuw proberen',
    back: 'Terug naar de wallet',
    reference: 'Vraagt u om hulp, noem dan dit kenmerk:',
  },
};
