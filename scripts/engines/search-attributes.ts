import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';

/** How the command-line tool and the protocol (`temporal.api.enums.v1.IndexedValueType`) name the types. */
export const SEARCH_ATTRIBUTE_TYPES = {
  KEYWORD: { cli: 'Keyword', wire: 2 },
  INT: { cli: 'Int', wire: 3 },
  DATETIME: { cli: 'Datetime', wire: 6 },
  KEYWORD_LIST: { cli: 'KeywordList', wire: 7 },
} as const;

/**
 * Registers the search attributes the namespace lacks.
 *
 * @returns the names of those it added
 * @throws {Error} if one exists with another type, or the server refuses
 */
export async function ensureSearchAttributes({
  connection,
  namespace,
}: {
  connection: Connection;
  namespace: string;
}): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const wrong = SEARCH_ATTRIBUTES.filter(
    ({ name, type }) => (customAttributes[name] ?? SEARCH_ATTRIBUTE_TYPES[type].wire) !== SEARCH_ATTRIBUTE_TYPES[type].wire,
  );
  if (wrong.length > 0) {
    throw new Error(
      `the namespace ${namespace} has search attributes of another type: ${wrong.map(({ name }) => name).join(', ')}`,
    );
  }
  const missing = SEARCH_ATTRIBUTES.filter(({ name }) => !(name in customAttributes));
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, SEARCH_ATTRIBUTE_TYPES[type].wire])),
    });
  }
  return missing.map(({ name }) => name);
}
