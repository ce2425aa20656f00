const MDL = /^org\.iso\.18013\.5\.\S+\.mDL$/;
const MDL_DAYS = 427;
const OTHER_DAYS = 3620;

/** How many days an mdoc of the docType may be valid (product.md 6.2). */
export function longestValidityDays(docType: string): number {
  return MDL.test(docType) ? MDL_DAYS : OTHER_DAYS;
}
