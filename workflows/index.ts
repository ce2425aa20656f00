export { issuance } from './issuance.js';
export { offer } from './offer.js';
