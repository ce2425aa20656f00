/**
 * Holds a PKCS #11 module on behalf of keys/stores/pkcs11-host.ts. A process of its own, since a module is native code that
 * may block, hang or crash, keeps its state per process, and sees a token that went and came back only after a new start.
 */
import { randomBytes } from 'node:crypto';
import pkcs11 from 'pkcs11js';
import { KEY_ABSENT, type Pkcs11Answer, type Pkcs11Request } from './pkcs11-messages.js';

type Handle = ReturnType<pkcs11.PKCS11['C_OpenSession']>;

const SESSION_FLAGS = pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION;
/** DER of the object identifier of P-256. */
const P256 = Buffer.from('06082a8648ce3d030107', 'hex');
const POINT_BYTES = 65;
const LARGEST_SIGNATURE_BYTES = 256;

const module = new pkcs11.PKCS11();
const idle: Handle[] = [];
const waiting: ((session: Handle) => void)[] = [];
const privateKeys = new Map<string, Handle>();
let slot: Handle | undefined;

class Fault extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

function open({ module: path, token, pin, sessions }: Extract<Pkcs11Request, { task: 'open' }>): void {
  module.load(path);
  module.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK });
  const [found, another] = module.C_GetSlotList(true).filter((each) => labelOf(each) === token);
  if (found === undefined) throw new Fault('TOKEN_ABSENT');
  if (another !== undefined) throw new Fault('TOKEN_AMBIGUOUS');
  slot = found;
  for (let count = 0; count < sessions; count += 1) idle.push(module.C_OpenSession(found, SESSION_FLAGS));
  // One login serves all sessions of a process.
  module.C_Login(idle[0] as Handle, pkcs11.CKU_USER, pin);
}

function labelOf(each: Handle): string {
  return module.C_GetTokenInfo(each).label.trimEnd();
}

async function withSession<T>(work: (session: Handle) => Promise<T>): Promise<T> {
  const session = idle.pop() ?? (await new Promise<Handle>((resolve) => waiting.push(resolve)));
  try {
    return await work(session);
  } finally {
    const next = waiting.shift();
    if (next === undefined) idle.push(session);
    else next(session);
  }
}

function privateKey(session: Handle, label: string): Handle {
  const known = privateKeys.get(label) ?? find(session, label);
  if (known === undefined) {
    // A token that is gone has no keys either: asked for its name, it fails.
    if (slot !== undefined) labelOf(slot);
    throw new Fault(KEY_ABSENT);
  }
  privateKeys.set(label, known);
  return known;
}

function find(session: Handle, label: string): Handle | undefined {
  module.C_FindObjectsInit(session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY },
    { type: pkcs11.CKA_LABEL, value: label },
  ]);
  try {
    return module.C_FindObjects(session, 1)[0];
  } finally {
    module.C_FindObjectsFinal(session);
  }
}

function sign(label: string, digest: Uint8Array): Promise<Uint8Array> {
  return withSession(async (session) => {
    module.C_SignInit(session, { mechanism: pkcs11.CKM_ECDSA }, privateKey(session, label));
    return await module.C_SignAsync(session, Buffer.from(digest), Buffer.alloc(LARGEST_SIGNATURE_BYTES));
  });
}

function generate(label: string): Promise<Uint8Array> {
  return withSession(async (session) => {
    const common = [
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_LABEL, value: label },
      { type: pkcs11.CKA_ID, value: randomBytes(16) },
    ];
    const keys = await module.C_GenerateKeyPairAsync(
      session,
      { mechanism: pkcs11.CKM_EC_KEY_PAIR_GEN },
      [...common, { type: pkcs11.CKA_EC_PARAMS, value: P256 }, { type: pkcs11.CKA_VERIFY, value: true }],
      [
        ...common,
        { type: pkcs11.CKA_PRIVATE, value: true },
        { type: pkcs11.CKA_SENSITIVE, value: true },
        { type: pkcs11.CKA_EXTRACTABLE, value: false },
        { type: pkcs11.CKA_SIGN, value: true },
      ],
    );
    const [point] = module.C_GetAttributeValue(session, keys.publicKey, [{ type: pkcs11.CKA_EC_POINT }]);
    // An OCTET STRING that holds the point; some modules give the point itself.
    return Buffer.from(point?.value ?? []).subarray(-POINT_BYTES);
  });
}

const NOTHING = new Uint8Array();

function perform(request: Pkcs11Request): Promise<Uint8Array> | Uint8Array {
  switch (request.task) {
    case 'open':
      open(request);
      return NOTHING;
    case 'sign':
      return sign(request.label, request.digest);
    case 'generate':
      return generate(request.label);
  }
}

async function answerTo(request: Pkcs11Request): Promise<Pkcs11Answer> {
  try {
    return { id: request.id, value: await perform(request) };
  } catch (error) {
    return { id: request.id, code: codeOf(error) };
  }
}

/** No more than a word: messages may hold paths. */
function codeOf(error: unknown): string {
  if (error instanceof Fault) return error.code;
  const [word] = error instanceof Error ? (/^CKR_[A-Z0-9_]+/.exec(error.message) ?? []) : [];
  return word ?? 'MODULE_FAULT';
}

// The process that asks decides about the end: it may still need signatures after somebody pressed Ctrl-C.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (request: Pkcs11Request) => {
  void answerTo(request).then((answer) => process.send?.(answer));
});
