/** An element of a page. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** All text in it, entities read. */
  text: string;
}

const VOID = new Set(['meta', 'input', 'img']);
const TOKEN = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>|[^<>]+/gy;
const ATTRIBUTE = / ([a-z-]+)(?:="([^"]*)")?/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/**
 * Reads a page far more strictly than a browser does.
 *
 * @throws {Error} for anything but balanced, known-good markup
 */
export function readPage(html: string): readonly Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < html.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(html);
    if (match === null) throw new Error(`no markup: ${html.slice(at, at + 80)}`);
    const [token, slash, name, attributes = ''] = match;
    if (name === undefined) {
      if (!token.startsWith('<')) for (const element of open) element.text += read(token);
    } else if (slash === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`);
    } else {
      const element = { name, attributes: readAttributes(attributes), text: '' };
      elements.push(element);
      if (!VOID.has(name)) open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.map(({ name }) => name).join(' ')}`);
  return elements;
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']): [string, string] => [name, read(value)]);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`attribute twice in ${text}`);
  return Object.fromEntries(pairs);
}

function read(text: string): string {
  return text.replace(/&([^;]*;?)/g, (whole, entity: string) => {
    const character = ENTITIES[entity.replace(/;$/, '')];
    if (character === undefined) throw new Error(`no entity: ${whole}`);
    return character;
  });
}
