import { describe, expect, it } from 'vitest';
import { derivedUuid } from '../../store/derived-uuid.js';

describe('A derived UUID', () => {
  it('is the same in every release, as what is stored under it must be found again', () => {
    expect(derivedUuid('user\0session-1')).toBe('a2581a28-d3ee-819e-ab96-7cd8894bb9e9');
  });

  it('is of version 8 and of the RFC 9562 variant, whatever its name', () => {
    for (let index = 0; index < 64; index += 1)
      expect(derivedUuid(`name/${index}`)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
