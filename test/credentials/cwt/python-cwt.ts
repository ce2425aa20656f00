import { fileURLToPath } from 'node:url';
import { usePythonVerifier } from '../../harness/python-verifier.js';

/** A credential as python-cwt reads it: claims under `#<key>` or their text key, bytes as `{hex}`. */
export interface ReadByPython {
  readonly prefix: string;
  readonly tag: number;
  readonly protected: Readonly<Record<string, unknown>>;
  readonly unprotected: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly bytes: number;
}

interface Question {
  readonly encoded: string;
  readonly jwk: object;
  /** Also hold `nbf` and `exp` against the clock. */
  readonly checkTimes?: boolean;
}

/** python-cwt as verifier; rejects where a credential does not verify. Call it at the top of a test file. */
export function usePythonCwt(): {
  readonly read: (question: Question) => Promise<ReadByPython>;
  readonly readAll: (questions: readonly Question[]) => Promise<ReadByPython[]>;
} {
  const verify = usePythonVerifier(fileURLToPath(new URL('verify_cwt.py', import.meta.url)));
  const readAll = async (credentials: readonly Question[]): Promise<ReadByPython[]> => {
    const answers = (await verify({ credentials })) as (ReadByPython | { readonly error: string })[];
    return answers.map((answer) => {
      if ('error' in answer) throw new Error(`python-cwt: ${answer.error}`);
      return answer;
    });
  };
  return { readAll, read: async (question) => (await readAll([question]))[0]! };
}
