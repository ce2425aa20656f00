import type { PageTexts } from './page-texts.js';

export const de: PageTexts = {
  footer: (issuer) => `${issuer} fragt Sie auf dieser Seite nie nach einem Passwort oder der PIN Ihrer Wallet.`,
  credentials: { claims: 'Er wird enthalten:' },
  consent: {
    title: (credentials) => (credentials === 1 ? 'Nachweis in Ihre Wallet aufnehmen?' : 'Nachweise in Ihre Wallet aufnehmen?'),
    intro: (issuer, credentials) =>
      `${issuer} kann ${credentials === 1 ? 'diesen Nachweis' : 'diese Nachweise'} für Ihre Wallet ausstellen. Ohne Ihre Zustimmung geschieht nichts.`,
    wallet: 'Ihre Wallet',
    verified: (issuer) => `Diese Wallet ist bei ${issuer} registriert.`,
    unverified: (issuer) =>
      `${issuer} kennt diese Wallet nicht. Fahren Sie nur fort, wenn Sie den Vorgang gerade selbst in Ihrer Wallet-App begonnen haben.`,
    returnsTo: 'Das Ergebnis geht an:',
    next: 'Wenn Sie fortfahren, werden Sie als Nächstes gebeten, sich auszuweisen.',
    continue: 'Fortfahren',
    cancel: 'Abbrechen',
  },
  progress: {
    title: 'Ihre Anfrage wird geprüft',
    waiting: (issuer) => `${issuer} prüft Ihre Anfrage. Das kann einen Moment dauern.`,
    leaving:
      'Sie müssen hier nicht warten. Wenn Sie jetzt zu Ihrer Wallet zurückkehren, läuft die Prüfung weiter, und Ihre Wallet kann den Nachweis abholen, sobald sie abgeschlossen ist.',
    leave: 'Zurück zur Wallet',
  },
  reload: {
    automatic: (seconds) => `Diese Seite lädt sich ${seconds === 1 ? 'jede Sekunde' : `alle ${seconds} Sekunden`} selbst neu.`,
    stopped: 'Diese Seite lädt sich nicht mehr selbst neu.',
    now: 'Jetzt neu laden',
    stop: 'Nicht mehr neu laden',
    start: 'Wieder selbst neu laden',
  },
  return: {
    title: 'Zurück zu Ihrer Wallet',
    pending: 'Hier ist alles erledigt. Falls sich Ihre Wallet nicht von selbst öffnet, öffnen Sie sie mit dieser Schaltfläche.',
    finished: 'Hier ist alles erledigt, und Ihre Wallet hat ihre Antwort. Bitte öffnen Sie Ihre Wallet-App.',
    open: 'Wallet öffnen',
    close: 'Danach können Sie diese Seite schließen.',
  },
  offer: {
    states: {
      open: {
        title: 'Ein Angebot für Ihre Wallet',
        text: (issuer) => `${issuer} bietet Ihnen Folgendes an. Nehmen Sie es in die Wallet-App auf Ihrem Telefon auf.`,
      },
      paused: {
        title: 'Dieses Angebot ruht',
        text: (issuer) => `${issuer} hat dieses Angebot angehalten. Bitte versuchen Sie es später noch einmal.`,
      },
      over: {
        title: 'Dieses Angebot ist beendet',
        text: (issuer) =>
          `Dieses Angebot kann nicht mehr genutzt werden. Wenn Sie es noch brauchen, bitten Sie ${issuer} um ein neues.`,
      },
      in_progress: {
        title: 'Ihre Wallet hat das Angebot angenommen',
        text: () => 'Bitte machen Sie in Ihrer Wallet-App weiter. Diese Seite können Sie schließen.',
      },
      collected: {
        title: 'Es ist in Ihrer Wallet',
        text: (issuer) => `Ihre Wallet hat abgeholt, was ${issuer} Ihnen angeboten hat. Diese Seite können Sie schließen.`,
      },
    },
    openIn: (wallet) => (wallet === undefined ? 'In Ihrer Wallet öffnen' : `In ${wallet} öffnen`),
    thisDevice: 'Wenn Ihre Wallet auf diesem Gerät ist',
    otherDevice: 'Wenn Ihre Wallet auf einem anderen Gerät ist',
    scan: 'Scannen Sie diesen QR-Code mit Ihrer Wallet-App:',
    qrCode: 'QR-Code des Angebots',
    code: 'Halten Sie Ihren Transaktionscode bereit',
    codeOf: {
      numeric: (length) => `Ihre Wallet wird nach einem Code mit ${length} ${length === 1 ? 'Ziffer' : 'Ziffern'} fragen.`,
      text: (length) => `Ihre Wallet wird nach einem Code mit ${length} Zeichen fragen.`,
    },
    validUntil: 'Gültig bis:',
  },
  error: {
    faults: {
      session_over: {
        title: 'Dieser Vorgang ist beendet',
        text: 'Er wurde schon abgeschlossen, oder es ist zu viel Zeit vergangen. Bitte beginnen Sie in Ihrer Wallet von vorn.',
      },
      other_browser: {
        title: 'Bitte machen Sie dort weiter, wo Sie begonnen haben',
        text: 'Dieser Vorgang wurde in einem anderen Browser begonnen, oder Ihr Browser nimmt keine Cookies an. Machen Sie in dem Browser weiter, in dem Sie begonnen haben, oder erlauben Sie Cookies und beginnen Sie in Ihrer Wallet von vorn.',
      },
      invalid_request: {
        title: 'Die Anfrage Ihrer Wallet ist fehlerhaft',
        text: 'Ihre Wallet hat eine Anfrage geschickt, die sich nicht beantworten lässt. Bitte beginnen Sie von vorn, oder fragen Sie den Hersteller der Wallet.',
      },
      provider_unavailable: {
        title: 'Die Anmeldung ist im Moment nicht möglich',
        text: 'Der Dienst, bei dem Sie sich ausweisen, ist nicht erreichbar. Bitte versuchen Sie es in einigen Minuten noch einmal.',
      },
      access_denied: {
        title: 'Sie wurden nicht angemeldet',
        text: 'Sie haben abgebrochen, oder der Dienst, bei dem Sie sich ausweisen, hat abgelehnt. Es wurde kein Nachweis ausgestellt.',
      },
      invalid_answer: {
        title: 'Die Antwort kann nicht angenommen werden',
        text: 'Die Antwort, die zurückkam, gehört nicht zu diesem Vorgang oder kam zu spät. Bitte beginnen Sie in Ihrer Wallet von vorn.',
      },
      offer_unavailable: {
        title: 'Dieses Angebot ist nicht verfügbar',
        text: 'Es ist abgelaufen, ruht, wurde zurückgezogen oder ist schon von so vielen Personen genutzt worden, wie vorgesehen waren.',
      },
      unavailable: {
        title: 'Bitte versuchen Sie es gleich noch einmal',
        text: 'Dieser Dienst ist im Moment nicht verfügbar. Es ist nichts verloren; bitte versuchen Sie es in einigen Minuten noch einmal.',
      },
    },
    detail: 'Für den Hersteller der Wallet:',
    retry: 'Noch einmal versuchen',
    back: 'Zurück zur Wallet',
    reference: 'Wenn Sie um Hilfe bitten, nennen Sie diese Kennung:',
  },
};
