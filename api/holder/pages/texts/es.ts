import type { PageTexts } from './page-texts.js';

export const es: PageTexts = {
  footer: (issuer) => `En esta página, ${issuer} nunca le pide una contraseña ni el PIN de su cartera digital.`,
  credentials: { claims: 'Contendrá:' },
  consent: {
    title: (credentials) =>
      credentials === 1 ? '¿Añadir una credencial a su cartera digital?' : '¿Añadir credenciales a su cartera digital?',
    intro: (issuer, credentials) =>
      `${issuer} puede emitir ${credentials === 1 ? 'esta credencial' : 'estas credenciales'} para su cartera digital. No ocurrirá nada sin su consentimiento.`,
    wallet: 'Su cartera digital',
    verified: (issuer) => `Esta cartera está registrada en ${issuer}.`,
    unverified: (issuer) =>
      `${issuer} no conoce esta cartera. Continúe solo si acaba de iniciar usted este proceso en la aplicación de su cartera.`,
    returnsTo: 'El resultado se envía a:',
    next: 'Si continúa, a continuación se le pedirá que se identifique.',
    continue: 'Continuar',
    cancel: 'Cancelar',
  },
  progress: {
    title: 'Su solicitud se está comprobando',
    waiting: (issuer) => `${issuer} está comprobando su solicitud. Puede tardar un momento.`,
    leaving:
      'No es necesario que espere aquí. Si vuelve ahora a su cartera, la comprobación continúa y su cartera podrá recoger la credencial cuando termine.',
    leave: 'Volver a la cartera',
  },
  reload: {
    automatic: (seconds) => `Esta página se recarga sola cada ${seconds === 1 ? 'segundo' : `${seconds} segundos`}.`,
    stopped: 'Esta página ya no se recarga sola.',
    now: 'Recargar ahora',
    stop: 'Dejar de recargar',
    start: 'Volver a recargar automáticamente',
  },
  return: {
    title: 'Vuelva a su cartera',
    pending: 'Aquí ya está todo hecho. Si su cartera no se abre sola, ábrala con este botón.',
    finished: 'Aquí ya está todo hecho y su cartera tiene la respuesta. Abra la aplicación de su cartera.',
    open: 'Abrir la cartera',
    close: 'Después puede cerrar esta página.',
  },
  offer: {
    states: {
      open: {
        title: 'Una oferta para su cartera',
        text: (issuer) => `${issuer} le ofrece lo siguiente. Añádalo a la aplicación de cartera digital de su teléfono.`,
      },
      paused: {
        title: 'Esta oferta está en pausa',
        text: (issuer) => `${issuer} ha puesto en pausa esta oferta. Inténtelo de nuevo más tarde.`,
      },
      over: {
        title: 'Esta oferta ha terminado',
        text: (issuer) => `Esta oferta ya no se puede utilizar. Si todavía la necesita, pida una nueva a ${issuer}.`,
      },
      in_progress: {
        title: 'Su cartera ha aceptado la oferta',
        text: () => 'Continúe en la aplicación de su cartera. Puede cerrar esta página.',
      },
      collected: {
        title: 'Ya está en su cartera',
        text: (issuer) => `Su cartera ha recogido lo que ${issuer} le ofrecía. Puede cerrar esta página.`,
      },
    },
    openIn: (wallet) => (wallet === undefined ? 'Abrir en su cartera' : `Abrir en ${wallet}`),
    thisDevice: 'Si su cartera está en este dispositivo',
    otherDevice: 'Si su cartera está en otro dispositivo',
    scan: 'Escanee este código QR con la aplicación de su cartera:',
    qrCode: 'Código QR de la oferta',
    code: 'Tenga a mano su código de transacción',
    codeOf: {
      numeric: (length) => `Su cartera le pedirá un código de ${length} ${length === 1 ? 'cifra' : 'cifras'}.`,
      text: (length) => `Su cartera le pedirá un código de ${length} ${length === 1 ? 'carácter' : 'caracteres'}.`,
    },
    validUntil: 'Válida hasta:',
  },
  error: {
    faults: {
      session_over: {
        title: 'Este proceso ha terminado',
        text: 'Ya se completó o ha pasado demasiado tiempo. Empiece de nuevo en su cartera.',
      },
      other_browser: {
        title: 'Continúe donde empezó',
        text: 'Este proceso se inició en otro navegador o su navegador no acepta cookies. Continúe en el navegador en el que empezó, o permita las cookies y empiece de nuevo en su cartera.',
      },
      invalid_request: {
        title: 'La solicitud de su cartera no es correcta',
        text: 'Su cartera ha enviado una solicitud a la que no se puede responder. Empiece de nuevo o consulte al fabricante de la cartera.',
      },
      provider_unavailable: {
        title: 'Ahora mismo no es posible iniciar sesión',
        text: 'No se puede acceder al servicio en el que usted se identifica. Inténtelo de nuevo en unos minutos.',
      },
      access_denied: {
        title: 'No se ha iniciado la sesión',
        text: 'Usted canceló, o el servicio en el que se identifica lo rechazó. No se ha emitido ninguna credencial.',
      },
      invalid_answer: {
        title: 'No se puede aceptar la respuesta',
        text: 'La respuesta recibida no pertenece a este proceso o llegó demasiado tarde. Empiece de nuevo en su cartera.',
      },
      offer_unavailable: {
        title: 'Esta oferta no está disponible',
        text: 'Ha caducado, está en pausa, se ha retirado o ya la ha utilizado el número previsto de personas.',
      },
      unavailable: {
        title: 'Inténtelo de nuevo en un momento',
        text: 'Este servicio no está disponible en este momento. No se ha perdido nada; inténtelo de nuevo en unos minutos.',
      },
    },
    detail: 'Para el fabricante de la cartera:',
    retry: 'Intentar de nuevo',
    back: 'Volver a la cartera',
    reference: 'Si pide ayuda, indique esta referencia:',
  },
};
