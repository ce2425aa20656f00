import type { Database } from '../../store/database.js';

type Written = 'issuers' | 'signingKeys' | 'certificateSigners' | 'iacas';

/** The database as a process sees it that dies right after its nth write to one of the collections. */
export function dyingAfter(database: Database, writes: number, collections: readonly Written[]): Database {
  let left = writes;
  const dying = (collection: object) =>
    new Proxy(collection, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const method = member as (...rest: unknown[]) => unknown;
        if (typeof name !== 'string' || !/^(insert|update|delete)/.test(name)) return method.bind(target);
        return async (...rest: unknown[]) => {
          const result = await method.apply(target, rest);
          left -= 1;
          if (left <= 0) throw new Error('the process is dead');
          return result;
        };
      },
    });
  return { ...database, ...Object.fromEntries(collections.map((name) => [name, dying(database[name])])) };
}
