export { issuance } from './issuance.js';
