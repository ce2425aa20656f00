/** Where a claim lies: names of members, and indices of array elements. */
export type ClaimPath = readonly (string | number)[];

/** A text is no claim path; the message says where it goes wrong. */
export class ClaimPathError extends Error {
  override readonly name = 'ClaimPathError';
}

const PLAIN_NAME = /[^.[\]'"]+/y;
const QUOTED_NAME = /\[(?:'((?:[^'\\]|\\['"\\])*)'|"((?:[^"\\]|\\['"\\])*)")\]/y;
const INDEX = /\[(0|[1-9][0-9]{0,3})\]/y;
const LONGEST_PATH = 1024;

/**
 * Reads a claim path: `address.locality`, `['https://example.com/x'].y`, `emails[0].value`. Names that hold a dot, bracket
 * or quote stand in `['...']`, where `\'`, `\"` and `\\` stand for the character.
 *
 * @throws {ClaimPathError}
 */
export function parseClaimPath(path: string): ClaimPath {
  if (path.length > LONGEST_PATH) throw new ClaimPathError(`is longer than ${LONGEST_PATH} characters`);
  const components: (string | number)[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(path);
    if (match !== null) position = pattern.lastIndex;
    return match;
  };
  do {
    const bracketed = path[position] === '[';
    if (components.length > 0 && !bracketed && path[position++] !== '.') throw expected(position - 1, 'a dot or bracket');
    const quoted = bracketed ? take(QUOTED_NAME) : null;
    const index = bracketed && quoted === null ? take(INDEX) : null;
    const plain = bracketed ? null : take(PLAIN_NAME);
    if (quoted !== null) components.push((quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/gs, '$1'));
    else if (index !== null) components.push(Number(index[1]));
    else if (plain !== null) components.push(plain[0]);
    else throw expected(position, bracketed ? `['name'] or [index]` : 'a name');
  } while (position < path.length);
  return components;
}

/** Writes a path so that `parseClaimPath` reads the same path back. */
export function formatClaimPath(path: ClaimPath): string {
  return path
    .map((component, position) => {
      if (typeof component === 'number') return `[${component}]`;
      if (component === '' || /[.[\]'"\\]/.test(component)) return `['${component.replace(/['"\\]/g, '\\$&')}']`;
      return position === 0 ? component : `.${component}`;
    })
    .join('');
}

/** What lies at the path. Looks at own members only; `undefined` where there is nothing, or only `null`. */
export function valueAt(value: unknown, path: ClaimPath): unknown {
  let current = value;
  for (const component of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    // A name must not find an array's `length`, nor an index an object's member.
    if (Array.isArray(current) !== (typeof component === 'number')) return undefined;
    if (!Object.hasOwn(current, component)) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[component];
  }
  return current ?? undefined;
}

function expected(position: number, what: string): ClaimPathError {
  return new ClaimPathError(`needs ${what} at character ${position + 1}`);
}
