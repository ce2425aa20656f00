import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { PlainWallet } from '../../../flows/plain-wallet.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';
import { readQrCode } from './qr-code.js';

const PATH = '/v1/openid/offers/pre-authorized';

const system = useSharedSystem();
let api: ManagementClient;
let configurationIds: string[];

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  const backend = await IssuerBackend.login(system());
  configurationIds = await Promise.all(Array.from({ length: 50 }, () => backend.configuration()));
});

const create = (more: Readonly<Record<string, unknown>>, configurations = 1) =>
  api.post(PATH, { credentials: configurationIds.slice(0, configurations), ...more });

describe('the QR code of an offer', () => {
  it.each([
    ['png', 'value', 1],
    ['png', 'reference', 1],
    ['svg', 'value', 1],
    ['svg', 'reference', 1],
    ['png', 'value', 25],
    ['svg', 'value', 25],
  ] as const)(
    'as %s, by %s and with %i configurations, reads as the URI',
    async (qrCode, credentialOfferMode, configurations) => {
      const answer = await create({ qrCode, credentialOfferMode, transactionCodeConfiguration: {} }, configurations);
      const { uri, qrCode: image } = answer.json as { uri: string; qrCode: string };
      expect(image.startsWith(qrCode === 'png' ? 'data:image/png;base64,' : 'data:image/svg+xml;base64,')).toBe(true);
      expect(readQrCode(image)).toBe(uri);
      expect(image).not.toContain(answer.json.transactionCode);
    },
  );

  it('OFR-14 is smaller by reference', async () => {
    const images = await Promise.all(
      ['value', 'reference'].map((mode) => create({ qrCode: 'png', credentialOfferMode: mode }, 5)),
    );
    const [byValue = 0, byReference = 0] = images.map(({ json }) => String(json.qrCode).length);
    expect(byReference).toBeLessThan(byValue / 2);
  });

  it('is there only where it is asked for', async () => {
    expect((await create({})).json).not.toHaveProperty('qrCode');
  });

  it('that could not hold the offer is refused before anything is made; by reference it holds every offer', async () => {
    const large = { qrCode: 'png', credentialOfferEndpoint: `my-wallet://${'a'.repeat(2000)}` };
    const answer = await create(large, 50);
    expect(faultsOf(answer)).toEqual(['body qrCode: cannot hold so large an offer; set credentialOfferMode to reference']);
    const requestId = answer.headers.get('x-request-id') ?? '';
    expect(await system().db.issuances.countDocuments({ correlationId: requestId })).toBe(0);
    const { uri, qrCode } = (await create({ ...large, credentialOfferMode: 'reference' }, 50)).json as Record<string, string>;
    expect(readQrCode(qrCode ?? '')).toBe(uri);
  });
});

describe('the URI of an offer', () => {
  it('is all a wallet needs: the code in it is redeemed as it stands', async () => {
    const { uri } = (await create({})).json as { uri: string };
    const wallet = new PlainWallet(system().url);
    const code = wallet.codeOf(uri);
    // Nothing in it needs escaping in a form.
    expect(encodeURIComponent(code)).toBe(code);
    expect((await wallet.redeem(code)).status).toBe(200);
  });
});
