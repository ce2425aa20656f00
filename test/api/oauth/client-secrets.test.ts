import { beforeAll, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../api/http/errors.js';
import { ClientSecrets } from '../../../api/oauth/client-secrets.js';
import { hashClientSecret } from '../../../store/client-secret.js';

const FULL = 32;

let hash: string;
let time = 1_000_000;
const newSecrets = () => new ClientSecrets({ now: () => time });
/** So many wrong secrets that no further check finds a place. */
const crowd = (secrets: ClientSecrets) => Array.from({ length: FULL }, (_, n) => secrets.matches(`wrong ${n}`, hash));

beforeAll(async () => {
  hash = await hashClientSecret('right');
});

describe('checks of client secrets', () => {
  it('HAP-05 tell the right secret from a wrong one', async () => {
    const secrets = newSecrets();
    expect(await secrets.matches('right', hash)).toBe(true);
    expect(await secrets.matches('wrong', hash)).toBe(false);
    expect(await secrets.matches('', hash)).toBe(false);
  });

  it('turn away what is too much at once, and go on afterwards', async () => {
    const secrets = newSecrets();
    const running = crowd(secrets);
    await expect(secrets.matches('right', hash)).rejects.toBeInstanceOf(UnavailableError);
    expect(await Promise.all(running)).toEqual(Array<boolean>(FULL).fill(false));
    expect(await secrets.matches('right', hash)).toBe(true);
  });

  it('remember a success for five minutes, so that nobody crowds out a client who was there before', async () => {
    const secrets = newSecrets();
    await secrets.matches('right', hash);
    time += 299_000;
    const running = crowd(secrets);
    expect(await secrets.matches('right', hash)).toBe(true);
    time += 2000;
    await expect(secrets.matches('right', hash)).rejects.toBeInstanceOf(UnavailableError);
    await Promise.all(running);
  });

  it('forget a success when the secret is changed', async () => {
    const secrets = newSecrets();
    await secrets.matches('right', hash);
    expect(await secrets.matches('right', await hashClientSecret('another'))).toBe(false);
  });
});
