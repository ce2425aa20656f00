import { existsSync } from 'node:fs';
import { findOnPath } from '../engines/executables.js';
import { canInstall, installPackage } from './apt-get.js';

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** What the tests that need an HSM are told: where SoftHSM's PKCS #11 module is, or why there is none. */
export type SoftHsmEnvironment = { readonly SOFTHSM_MODULE: string } | { readonly SOFTHSM_MISSING: string };

interface SoftHsmOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
}

/** Finds SoftHSM 2, or installs it where the system's package manager lets us. */
export function ensureSoftHsm({ env, progress }: SoftHsmOptions): SoftHsmEnvironment {
  const chosen = env.SOFTHSM_MODULE;
  if (chosen !== undefined && chosen !== '' && !existsSync(chosen))
    return { SOFTHSM_MISSING: `SOFTHSM_MODULE is ${chosen}, which is no file` };
  const found = find(env);
  if (found !== undefined) return { SOFTHSM_MODULE: found };
  if (!canInstall(env.PATH))
    return {
      SOFTHSM_MISSING: 'no SoftHSM 2: install it (apt-get install softhsm2; softhsm2-util on PATH), or set SOFTHSM_MODULE',
    };
  progress('Installing SoftHSM for the tests of keys in an HSM');
  installPackage('softhsm2');
  const installed = find(env);
  return installed === undefined ? { SOFTHSM_MISSING: 'apt-get could not install softhsm2' } : { SOFTHSM_MODULE: installed };
}

/** The module, where the program that makes tokens is there as well. */
function find({ PATH, SOFTHSM_MODULE }: SoftHsmOptions['env']): string | undefined {
  if (findOnPath('softhsm2-util', PATH) === undefined) return undefined;
  return [SOFTHSM_MODULE ?? '', ...MODULES].find((file) => file !== '' && existsSync(file));
}
