export { issuance } from './issuance.js';
export { maintenance } from './maintenance.js';
export { offer } from './offer.js';
export { statusListPublication } from './status-list.js';
