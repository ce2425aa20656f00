import { UnavailableError } from '../http/errors.js';

interface Session {
  running: number;
  readonly waiting: (() => void)[];
}

const AT_ONCE = 4;
const MOST_WAITING = 16;

/**
 * Bounds what one process asks of one session's workflow at a time (a workflow takes 10 updates in flight, of all
 * processes), and lets equal calls share one.
 */
export class SessionCalls {
  readonly #sessions = new Map<string, Session>();
  readonly #shared = new Map<string, Promise<unknown>>();

  /**
   * Runs the call when the session has room.
   *
   * @throws {UnavailableError} where too many wait already
   */
  async run<T>(sessionId: string, call: () => Promise<T>): Promise<T> {
    const session = this.#sessions.get(sessionId) ?? { running: 0, waiting: [] };
    this.#sessions.set(sessionId, session);
    if (session.running < AT_ONCE) session.running += 1;
    else {
      if (session.waiting.length >= MOST_WAITING)
        throw new UnavailableError('too many requests for this session at once; try again');
      await new Promise<void>((resolve) => session.waiting.push(resolve));
    }
    try {
      return await call();
    } finally {
      this.#release(sessionId, session);
    }
  }

  /** Likewise, but a call whose equal is under way shares its result. `key` names all that makes them equal. */
  share<T>(sessionId: string, key: string, call: () => Promise<T>): Promise<T> {
    const id = `${sessionId}/${key}`;
    const underWay = this.#shared.get(id) as Promise<T> | undefined;
    if (underWay !== undefined) return underWay;
    const started = this.run(sessionId, call).finally(() => this.#shared.delete(id));
    this.#shared.set(id, started);
    return started;
  }

  #release(sessionId: string, session: Session): void {
    const next = session.waiting.shift();
    // The place is handed over, so that nobody slips in between.
    if (next !== undefined) next();
    else if ((session.running -= 1) === 0) this.#sessions.delete(sessionId);
  }
}
