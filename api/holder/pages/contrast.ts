const HEX = /^#(?:([0-9a-f])([0-9a-f])([0-9a-f])|([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2}))$/i;

/** Contrast that WCAG 2.2 asks of text (1.4.3). */
export const TEXT_CONTRAST = 4.5;

/** The colour as `#rrggbb` in lower case; `undefined` where it is neither `#rgb` nor `#rrggbb`. */
export function hexColor(text: string | undefined): string | undefined {
  const match = HEX.exec(text ?? '');
  if (match === null) return undefined;
  const [, r, g, b, rr, gg, bb] = match;
  return `#${[rr ?? `${r}${r}`, gg ?? `${g}${g}`, bb ?? `${b}${b}`].join('')}`.toLowerCase();
}

/** WCAG's contrast ratio of two colours `#rrggbb`, 1 to 21. */
export function contrastRatio(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The text colour for a background `#rrggbb`: the preferred one where it can be read, or else black or white. */
export function readableOn(background: string, preferred: string | undefined): string {
  if (preferred !== undefined && contrastRatio(background, preferred) >= TEXT_CONTRAST) return preferred;
  return contrastRatio(background, '#ffffff') >= contrastRatio(background, '#000000') ? '#ffffff' : '#000000';
}

/** WCAG's relative luminance, 0 to 1. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
