import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { postForm } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { credentialsOf, PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
let backend: IssuerBackend;
let wallet: PlainWallet;
let offered: string[];
let notOffered: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  offered = [await backend.configuration(), await backend.configuration()];
  notOffered = await backend.configuration();
});

const newCode = async () => wallet.codeOf((await backend.offer(offered)).uri);
const redeem = (code: string, details: unknown): Promise<Answer> =>
  postForm(`${system().url}/v1/oauth/token`, {
    grant_type: GRANT,
    'pre-authorized_code': code,
    authorization_details: typeof details === 'string' ? details : JSON.stringify(details),
  });
const detail = (id: string | undefined, more = {}) => ({ type: 'openid_credential', credential_configuration_id: id, ...more });
const granted = ({ json }: Answer) =>
  json.authorization_details as readonly {
    readonly type: string;
    readonly credential_configuration_id: string;
    readonly credential_identifiers: readonly string[];
  }[];

describe('authorization_details in the token request', () => {
  it('TOK-06 TOK-08 name all that was offered: the answer has identifiers for each', async () => {
    const answer = await redeem(
      await newCode(),
      offered.map((id) => detail(id)),
    );
    expect(answer.status).toBe(200);
    expect(granted(answer).map(({ type, credential_configuration_id: id }) => [type, id])).toEqual(
      offered.map((id) => ['openid_credential', id]),
    );
    for (const { credential_identifiers: identifiers } of granted(answer)) {
      expect(identifiers.length).toBeGreaterThan(0);
      expect(identifiers.every((identifier) => typeof identifier === 'string' && identifier !== '')).toBe(true);
    }
  });

  it('TOK-09 the identifiers of a configuration are the same each time', async () => {
    const [one, other] = [
      await redeem(await newCode(), [detail(offered[0])]),
      await redeem(await newCode(), [detail(offered[0])]),
    ];
    expect(granted(one)).toEqual(granted(other));
  });

  it('TOK-06 name a part of it: the token is reduced to that', async () => {
    const answer = await redeem(await newCode(), [detail(offered[1])]);
    expect(granted(answer).map(({ credential_configuration_id: id }) => id)).toEqual([offered[1]]);
    const token = answer.json.access_token as string;
    expect(decodeJwt(token)).toMatchObject({ credential_configuration_ids: [offered[1]] });
    const request = JSON.parse(await wallet.credentialRequest(offered[1] ?? '')) as Record<string, unknown>;
    const { credential_configuration_id: _id, ...rest } = request;
    const byIdentifier = { ...rest, credential_identifier: granted(answer)[0]?.credential_identifiers[0] };
    const foreign = { ...rest, credential_identifier: `${offered[0] ?? ''}:1` };
    expect(refusalOf(await wallet.requestCredential(token, JSON.stringify(foreign)))).toBe('400 unknown_credential_identifier');
    expect(credentialsOf(await wallet.requestCredential(token, JSON.stringify(byIdentifier)))).toHaveLength(1);
  });

  it('AUT-04 TOK-06 may have members that are not known, and name a configuration twice', async () => {
    const element = detail(offered[0], { claims: [{ path: ['given_name'] }], locations: [system().url], unknown: { deep: [1] } });
    expect(granted(await redeem(await newCode(), [element, element]))).toHaveLength(1);
  });

  const refused: readonly (readonly [string, () => unknown])[] = [
    ['more than was offered', () => [detail(offered[0]), detail(notOffered)]],
    ['what was not offered', () => [detail(notOffered)]],
    ['a configuration that does not exist', () => [detail('no-such-configuration')]],
    ['a configuration of hostile name', () => [detail('"\\\r\n\u0000☃__proto__')]],
    ['no configuration', () => [{ type: 'openid_credential' }]],
    ['a configuration that is no string', () => [{ type: 'openid_credential', credential_configuration_id: { $ne: null } }]],
    ['another type', () => [{ type: 'payment_initiation', credential_configuration_id: offered[0] }]],
    ['no type', () => [{ credential_configuration_id: offered[0] }]],
    ['nothing: an empty array', () => []],
    ['an object instead of an array', () => detail(offered[0])],
    ['null', () => 'null'],
    ['an array of null', () => '[null]'],
    ['an array of arrays', () => '[[[]]]'],
    ['something that is not JSON', () => '[{"type":'],
    ['very deep JSON', () => '['.repeat(20_000)],
    ['more than a hundred elements', () => Array.from({ length: 101 }, () => detail(offered[0]))],
  ];

  it('TOK-06 RFC 9396 that ask for anything else are refused, and the code stays good', async () => {
    const code = await newCode();
    for (const [name, details] of refused) {
      expect(refusalOf(await redeem(code, details())), name).toBe('400 invalid_authorization_details');
    }
    expect((await redeem(code, [detail(offered[0])])).status).toBe(200);
  });

  it('TOK-06 tell nothing about an offer to whom does not have its code', async () => {
    const code = await newCode();
    const guessed = `${code.split('.')[0] ?? ''}.${'A'.repeat(43)}`;
    for (const id of [offered[0], notOffered]) expect(refusalOf(await redeem(guessed, [detail(id)]))).toBe('400 invalid_grant');
  });
});
