/** Markup that can be sent as it is. Only `markup` makes it. */
export type Markup = Escaped;

type Insertion = string | number | Markup | undefined | readonly Markup[];

class Escaped {
  constructor(readonly text: string) {}
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * A template for HTML: whatever is inserted is escaped for text and quoted attributes, unless it is markup already.
 * `undefined` inserts nothing.
 */
export function markup(parts: TemplateStringsArray, ...insertions: readonly Insertion[]): Markup {
  return new Escaped(parts.reduce((text, part, index) => `${text}${inserted(insertions[index - 1])}${part}`));
}

function inserted(value: Insertion): string {
  if (value === undefined) return '';
  if (value instanceof Escaped) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('\n');
  return escape(String(value));
}

/** Control characters mean nothing in a page, and those of writing direction could make one text look like another. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
