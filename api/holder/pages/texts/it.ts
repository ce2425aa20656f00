import type { PageTexts } from './page-texts.js';

export const it: PageTexts = {
  footer: (issuer) => `In questa pagina ${issuer} non Le chiede mai una password né il PIN del Suo wallet.`,
  credentials: { claims: 'Conterrà:' },
  consent: {
    title: (credentials) =>
      credentials === 1 ? 'Aggiungere una credenziale al Suo wallet?' : 'Aggiungere delle credenziali al Suo wallet?',
    intro: (issuer, credentials) =>
      `${issuer} può rilasciare ${credentials === 1 ? 'questa credenziale' : 'queste credenziali'} al Suo wallet. Senza il Suo consenso non succede nulla.`,
    wallet: 'Il Suo wallet',
    verified: (issuer) => `Questo wallet è registrato presso ${issuer}.`,
    unverified: (issuer) =>
      `${issuer} non conosce questo wallet. Continui solo se ha appena avviato Lei stesso questa procedura nell’app del Suo wallet.`,
    returnsTo: 'Il risultato viene inviato a:',
    next: 'Se continua, Le verrà poi chiesto di identificarsi.',
    continue: 'Continua',
    cancel: 'Annulla',
  },
  progress: {
    title: 'La Sua richiesta è in corso di verifica',
    waiting: (issuer) => `${issuer} sta verificando la Sua richiesta. Può volerci un momento.`,
    leaving:
      'Non è necessario attendere qui. Se torna ora al Suo wallet, la verifica prosegue e il wallet potrà ritirare la credenziale quando sarà conclusa.',
    leave: 'Torna al wallet',
  },
  reload: {
    automatic: (seconds) => `Questa pagina si ricarica da sola ogni ${seconds === 1 ? 'secondo' : `${seconds} secondi`}.`,
    stopped: 'Questa pagina non si ricarica più da sola.',
    now: 'Ricarica ora',
    stop: 'Non ricaricare più',
    start: 'Ricarica di nuovo automaticamente',
  },
  return: {
    title: 'Torni al Suo wallet',
    pending: 'Qui è tutto fatto. Se il Suo wallet non si apre da solo, lo apra con questo pulsante.',
    finished: 'Qui è tutto fatto e il Suo wallet ha ricevuto la risposta. Apra l’app del Suo wallet.',
    open: 'Apri il wallet',
    close: 'Dopo può chiudere questa pagina.',
  },
  offer: {
    states: {
      open: {
        title: 'Un’offerta per il Suo wallet',
        text: (issuer) => `${issuer} Le offre quanto segue. Lo aggiunga all’app wallet del Suo telefono.`,
      },
      paused: {
        title: 'Questa offerta è sospesa',
        text: (issuer) => `${issuer} ha sospeso questa offerta. Riprovi più tardi.`,
      },
      over: {
        title: 'Questa offerta è terminata',
        text: (issuer) => `Questa offerta non può più essere utilizzata. Se Le serve ancora, ne chieda una nuova a ${issuer}.`,
      },
      in_progress: {
        title: 'Il Suo wallet ha accettato l’offerta',
        text: () => 'Prosegua nell’app del Suo wallet. Può chiudere questa pagina.',
      },
      collected: {
        title: 'È nel Suo wallet',
        text: (issuer) => `Il Suo wallet ha ritirato ciò che ${issuer} Le ha offerto. Può chiudere questa pagina.`,
      },
    },
    openIn: (wallet) => (wallet === undefined ? 'Apri nel Suo wallet' : `Apri in ${wallet}`),
    thisDevice: 'Se il Suo wallet è su questo dispositivo',
    otherDevice: 'Se il Suo wallet è su un altro dispositivo',
    scan: 'Scansioni questo codice QR con l’app del Suo wallet:',
    qrCode: 'Codice QR dell’offerta',
    code: 'Tenga pronto il Suo codice di transazione',
    codeOf: {
      numeric: (length) => `Il Suo wallet chiederà un codice di ${length} ${length === 1 ? 'cifra' : 'cifre'}.`,
      text: (length) => `Il Suo wallet chiederà un codice di ${length} ${length === 1 ? 'carattere' : 'caratteri'}.`,
    },
    validUntil: 'Valida fino al:',
  },
  error: {
    faults: {
      session_over: {
        title: 'Questa procedura è terminata',
        text: 'È già stata conclusa oppure è passato troppo tempo. Ricominci dal Suo wallet.',
      },
      other_browser: {
        title: 'Prosegua da dove ha iniziato',
        text: 'Questa procedura è stata iniziata in un altro browser, oppure il Suo browser non accetta i cookie. Prosegua nel browser in cui ha iniziato, oppure consenta i cookie e ricominci dal Suo wallet.',
      },
      invalid_request: {
        title: 'La richiesta del Suo wallet non è corretta',
        text: 'Il Suo wallet ha inviato una richiesta a cui non è possibile rispondere. Ricominci oppure si rivolga al produttore del wallet.',
      },
      provider_unavailable: {
        title: 'Al momento non è possibile accedere',
        text: 'Il servizio presso cui si identifica non è raggiungibile. Riprovi tra qualche minuto.',
      },
      access_denied: {
        title: 'L’accesso non è avvenuto',
        text: 'Lei ha annullato, oppure il servizio presso cui si identifica ha rifiutato. Non è stata rilasciata alcuna credenziale.',
      },
      invalid_answer: {
        title: 'La risposta non può essere accettata',
        text: 'La risposta ricevuta non appartiene a questa procedura o è arrivata troppo tardi. Ricominci dal Suo wallet.',
      },
      offer_unavailable: {
        title: 'Questa offerta non è disponibile',
        text: 'È scaduta, è sospesa, è stata ritirata oppure è già stata utilizzata dal numero di persone previsto.',
      },
      unavailable: {
        title: 'Riprovi tra poco',
        text: 'Questo servizio al momento non è disponibile. Nulla è andato perso; riprovi tra qualche minuto.',
      },
    },
    detail: 'Per il produttore del wallet:',
    retry: 'Riprova',
    back: 'Torna al wallet',
    reference: 'Se chiede assistenza, indichi questo riferimento:',
  },
};
