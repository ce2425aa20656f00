import { describe, expect, it } from 'vitest';
import { contrastRatio, hexColor, readableOn, TEXT_CONTRAST } from '../../../../api/holder/pages/contrast.js';
import { styleSheet } from '../../../../api/holder/pages/style.js';

describe('the contrast of two colours', () => {
  it.each([
    ['#ffffff', '#000000', 21],
    ['#ffffff', '#ffffff', 1],
    ['#ffffff', '#777777', 4.48],
    ['#ffffff', '#767676', 4.54],
    ['#ffffff', '#0000ff', 8.59],
    ['#ffffff', '#ff0000', 4],
    ['#000000', '#00ff00', 15.3],
    ['#ffff00', '#0000ff', 8],
  ])('of %s and %s is %d, as WCAG has it', (one, other, ratio) => {
    expect(contrastRatio(one, other)).toBeCloseTo(ratio, 1);
    expect(contrastRatio(other, one)).toBe(contrastRatio(one, other));
  });
});

describe("the text on the issuer's colour", () => {
  it("is the issuer's where that can be read, and black or white where not", () => {
    expect(readableOn('#0b3d91', '#ffe08a')).toBe('#ffe08a');
    expect(readableOn('#0b3d91', '#333333')).toBe('#ffffff');
    expect(readableOn('#ffe08a', '#ffffff')).toBe('#000000');
    expect(readableOn('#ffffff', '#777777')).toBe('#000000');
    expect(readableOn('#0b3d91', undefined)).toBe('#ffffff');
  });

  it('can be read on every colour', () => {
    const steps = ['00', '33', '55', '77', '99', 'bb', 'ff'];
    for (const r of steps)
      for (const g of steps)
        for (const b of steps) {
          const background = `#${r}${g}${b}`;
          expect(contrastRatio(background, readableOn(background, '#808080')), background).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        }
  });

  it('is what the style sheet says', () => {
    expect(styleSheet({ backgroundColor: '#FFE08A', textColor: '#fff' })).toContain('--brand: #ffe08a; --on-brand: #000000;');
    expect(styleSheet({ backgroundColor: '#0b3d91', textColor: '#ff8' })).toContain('--brand: #0b3d91; --on-brand: #ffff88;');
    expect(styleSheet({})).toContain('--brand: #1d4ed8; --on-brand: #ffffff;');
    for (const bad of ['red', '#12', '#1234567', '#fff; }', 'url(x)', '#ggg'])
      expect(styleSheet({ backgroundColor: bad, textColor: bad })).toBe(styleSheet({}));
  });

  it('does not move', () => {
    expect(styleSheet({})).not.toMatch(/animation|transition|scroll-behavior/);
  });
});

it('a colour is #rgb or #rrggbb', () => {
  expect([hexColor('#AbC'), hexColor('#A1b2C3'), hexColor(undefined), hexColor('#abcd')]).toEqual([
    '#aabbcc',
    '#a1b2c3',
    undefined,
    undefined,
  ]);
});
