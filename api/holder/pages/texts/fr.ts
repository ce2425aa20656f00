import type { PageTexts } from './page-texts.js';

export const fr: PageTexts = {
  footer: (issuer) =>
    `Sur cette page, ${issuer} ne vous demande jamais de mot de passe ni le code PIN de votre portefeuille numérique.`,
  credentials: { claims: 'Elle contiendra :' },
  consent: {
    title: (credentials) =>
      credentials === 1
        ? 'Ajouter une attestation à votre portefeuille numérique ?'
        : 'Ajouter des attestations à votre portefeuille numérique ?',
    intro: (issuer, credentials) =>
      `${issuer} peut délivrer ${credentials === 1 ? 'cette attestation' : 'ces attestations'} à votre portefeuille numérique. Rien ne se passe sans votre accord.`,
    wallet: 'Votre portefeuille numérique',
    verified: (issuer) => `Ce portefeuille est enregistré auprès de ${issuer}.`,
    unverified: (issuer) =>
      `${issuer} ne connaît pas ce portefeuille. Ne continuez que si vous venez de lancer vous-même cette démarche dans votre application de portefeuille.`,
    returnsTo: 'Le résultat est envoyé à :',
    next: 'Si vous continuez, il vous sera ensuite demandé de vous identifier.',
    continue: 'Continuer',
    cancel: 'Annuler',
  },
  progress: {
    title: 'Votre demande est en cours d’examen',
    waiting: (issuer) => `${issuer} examine votre demande. Cela peut prendre un moment.`,
    leaving:
      'Vous n’êtes pas obligé d’attendre ici. Si vous retournez maintenant à votre portefeuille, l’examen se poursuit et votre portefeuille pourra récupérer l’attestation une fois l’examen terminé.',
    leave: 'Retourner au portefeuille',
  },
  reload: {
    automatic: (seconds) =>
      `Cette page se recharge d’elle-même toutes les ${seconds === 1 ? 'secondes' : `${seconds} secondes`}.`,
    stopped: 'Cette page ne se recharge plus d’elle-même.',
    now: 'Recharger maintenant',
    stop: 'Ne plus recharger',
    start: 'Recharger à nouveau automatiquement',
  },
  return: {
    title: 'Retournez à votre portefeuille',
    pending: 'Tout est terminé ici. Si votre portefeuille ne s’ouvre pas de lui-même, ouvrez-le avec ce bouton.',
    finished: 'Tout est terminé ici et votre portefeuille a reçu sa réponse. Veuillez ouvrir votre application de portefeuille.',
    open: 'Ouvrir le portefeuille',
    close: 'Vous pourrez ensuite fermer cette page.',
  },
  offer: {
    states: {
      open: {
        title: 'Une offre pour votre portefeuille',
        text: (issuer) =>
          `${issuer} vous propose ce qui suit. Ajoutez-le à l’application de portefeuille numérique de votre téléphone.`,
      },
      paused: {
        title: 'Cette offre est suspendue',
        text: (issuer) => `${issuer} a suspendu cette offre. Veuillez réessayer plus tard.`,
      },
      over: {
        title: 'Cette offre est terminée',
        text: (issuer) =>
          `Cette offre ne peut plus être utilisée. Si vous en avez encore besoin, demandez-en une nouvelle à ${issuer}.`,
      },
      in_progress: {
        title: 'Votre portefeuille a accepté l’offre',
        text: () => 'Veuillez continuer dans votre application de portefeuille. Vous pouvez fermer cette page.',
      },
      collected: {
        title: 'C’est dans votre portefeuille',
        text: (issuer) => `Votre portefeuille a récupéré ce que ${issuer} vous proposait. Vous pouvez fermer cette page.`,
      },
    },
    openIn: (wallet) => (wallet === undefined ? 'Ouvrir dans votre portefeuille' : `Ouvrir dans ${wallet}`),
    thisDevice: 'Si votre portefeuille est sur cet appareil',
    otherDevice: 'Si votre portefeuille est sur un autre appareil',
    scan: 'Scannez ce code QR avec votre application de portefeuille :',
    qrCode: 'Code QR de l’offre',
    code: 'Préparez votre code de transaction',
    codeOf: {
      numeric: (length) => `Votre portefeuille demandera un code de ${length} ${length === 1 ? 'chiffre' : 'chiffres'}.`,
      text: (length) => `Votre portefeuille demandera un code de ${length} ${length === 1 ? 'caractère' : 'caractères'}.`,
    },
    validUntil: 'Valable jusqu’au :',
  },
  error: {
    faults: {
      session_over: {
        title: 'Cette démarche est terminée',
        text: 'Elle est déjà achevée, ou trop de temps s’est écoulé. Veuillez recommencer dans votre portefeuille.',
      },
      other_browser: {
        title: 'Veuillez continuer là où vous avez commencé',
        text: 'Cette démarche a été commencée dans un autre navigateur, ou votre navigateur n’accepte pas les cookies. Continuez dans le navigateur où vous avez commencé, ou autorisez les cookies et recommencez dans votre portefeuille.',
      },
      invalid_request: {
        title: 'La demande de votre portefeuille est incorrecte',
        text: 'Votre portefeuille a envoyé une demande à laquelle il n’est pas possible de répondre. Veuillez recommencer ou vous adresser à l’éditeur du portefeuille.',
      },
      provider_unavailable: {
        title: 'La connexion est impossible pour le moment',
        text: 'Le service auprès duquel vous vous identifiez est injoignable. Veuillez réessayer dans quelques minutes.',
      },
      access_denied: {
        title: 'Vous n’avez pas été connecté',
        text: 'Vous avez annulé, ou le service auprès duquel vous vous identifiez a refusé. Aucune attestation n’a été délivrée.',
      },
      invalid_answer: {
        title: 'La réponse ne peut pas être acceptée',
        text: 'La réponse reçue n’appartient pas à cette démarche ou est arrivée trop tard. Veuillez recommencer dans votre portefeuille.',
      },
      offer_unavailable: {
        title: 'Cette offre n’est pas disponible',
        text: 'Elle a expiré, est suspendue, a été retirée ou a déjà été utilisée par le nombre de personnes prévu.',
      },
      unavailable: {
        title: 'Veuillez réessayer dans un instant',
        text: 'Ce service n’est pas disponible pour le moment. Rien n’est perdu ; veuillez réessayer dans quelques minutes.',
      },
    },
    detail: 'Pour l’éditeur du portefeuille :',
    retry: 'Réessayer',
    back: 'Retourner au portefeuille',
    reference: 'Si vous demandez de l’aide, indiquez cette référence :',
  },
};
