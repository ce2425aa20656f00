import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSoftHsm } from '../../../scripts/check/softhsm.js';

const { SOFTHSM_MISSING } = process.env;
const found =
  SOFTHSM_MISSING === undefined || SOFTHSM_MISSING === ''
    ? ensureSoftHsm({ env: process.env, progress: console.log })
    : { SOFTHSM_MISSING };

/** Why there is no HSM; `undefined` where there is one. Tests that need it are skipped with the reason. */
export const softHsmMissing = 'SOFTHSM_MISSING' in found ? found.SOFTHSM_MISSING : undefined;

const ERRORS_ONLY = 'log.level = ERROR';

/** A real SoftHSM 2 with one token, in a folder of its own. */
export class SoftHsm {
  readonly module = 'SOFTHSM_MODULE' in found ? found.SOFTHSM_MODULE : '';
  readonly token = 'chancery';
  readonly pin = 'pin-of-the-token-QZ7';
  readonly #folder = mkdtempSync(join(tmpdir(), 'chancery-softhsm-'));

  constructor() {
    mkdirSync(this.#tokens);
    writeFileSync(this.configuration, `directories.tokendir = ${this.#tokens}\nobjectstore.backend = file\n${ERRORS_ONLY}\n`);
    this.util('--init-token', '--free', '--label', this.token, '--pin', this.pin, '--so-pin', '10293847');
  }

  /** What SOFTHSM2_CONF is to be for whoever uses the module. */
  get configuration(): string {
    return join(this.#folder, 'softhsm2.conf');
  }

  /** Settings (config/config.ts) that make it the key store `pkcs11`. */
  get settings(): Readonly<Record<string, string>> {
    const { module, token, pin, configuration } = this;
    return { SOFTHSM2_CONF: configuration, PKCS11_MODULE: module, PKCS11_TOKEN: token, PKCS11_PIN: pin };
  }

  get #tokens(): string {
    return join(this.#folder, 'tokens');
  }

  get #elsewhere(): string {
    return join(this.#folder, 'pulled-out');
  }

  /** Takes the token away from under those who use it. */
  pullOut(): void {
    renameSync(this.#tokens, this.#elsewhere);
    mkdirSync(this.#tokens);
  }

  plugIn(): void {
    rmSync(this.#tokens, { recursive: true });
    renameSync(this.#elsewhere, this.#tokens);
  }

  util(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync('softhsm2-util', args, {
      encoding: 'utf8',
      env: { ...process.env, SOFTHSM2_CONF: this.configuration },
    });
    if (status !== 0) throw new Error(`softhsm2-util failed: ${stdout}${stderr}`);
    return stdout;
  }

  remove(): void {
    if (existsSync(this.#folder)) rmSync(this.#folder, { recursive: true, force: true });
  }
}
