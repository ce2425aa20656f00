import { readFileSync } from 'node:fs';

/** A query an operator is told to use, under its heading. */
export interface DocumentedQuery {
  readonly title: string;
  readonly query: string;
}

const PAGE = new URL('../../docs/queries.md', import.meta.url);
const SECTION = /^## (.+)$/gm;

/** Every query of docs/queries.md, in its order. */
export function documentedQueries(): readonly DocumentedQuery[] {
  const page = readFileSync(PAGE, 'utf8');
  const headings = [...page.matchAll(SECTION)];
  return headings.flatMap(({ index, 1: title = '' }, position) => {
    const section = page.slice(index, headings[position + 1]?.index);
    return [...section.matchAll(/^```\n(.+?)\n```$/gms)].map(([, query = '']) => ({ title, query }));
  });
}
