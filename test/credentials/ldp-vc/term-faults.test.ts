import { describe, expect, it } from 'vitest';
import { termFaults } from '../../../credentials/ldp-vc/term-faults.js';
import type { ClaimMappings } from '../../../credentials/claim-mapping.js';
import type { WebSemanticConfigurationDocument } from '../../../store/configuration-documents.js';
import { CONTEXTS, ldpConfiguration, OWN_CONTEXT } from '../verifiable-credential/test-issuer.js';

const faultsOf = async (more: Partial<WebSemanticConfigurationDocument>, contexts = CONTEXTS): Promise<string[]> =>
  (await termFaults(ldpConfiguration(more), contexts)).map(({ param, message }) => `${param}: ${message}`);

const claims = (...names: string[]): ClaimMappings =>
  Object.fromEntries(names.map((name) => [name, { mapFrom: `claims.${name}` }]));

describe('a configuration whose contexts define everything', () => {
  it.each(['1.1', '2.0'] as const)('has no faults in VCDM %s, whatever the kind of its claims', async (vcdmVersion) => {
    const claimMappings = {
      ...claims('given_name', 'homepage'),
      address: { selectiveDisclosure: true },
      'address.locality': { mapFrom: 'claims.address.locality' },
      'address.country': { defaultValue: 'NZ' },
    };
    expect(await faultsOf({ claimMappings, vcdmVersion, proofType: 'ecdsa-sd-2023' })).toEqual([]);
  });

  it('may use terms that hold for one type only, where it says the type', async () => {
    const typed = { type: { defaultValue: 'Person' }, nickname: { mapFrom: 'claims.nickname' } };
    expect(await faultsOf({ claimMappings: typed })).toEqual([]);
    expect(await faultsOf({ claimMappings: claims('nickname') })).toEqual([
      'claimMappings.nickname: uses nickname, which no context defines',
    ]);
  });

  it('may take every term, by the context that W3C made for that', async () => {
    const contexts = ['https://www.w3.org/ns/credentials/undefined-terms/v2'];
    expect(await faultsOf({ contexts, type: 'Anything', claimMappings: claims('whatever') })).toEqual([]);
  });
});

describe('the faults of a configuration', () => {
  it('are told all at once: types, claims, members of claims, types of claims', async () => {
    expect(
      await faultsOf({
        type: 'Unheard',
        additionalTypes: ['Employee', 'OfSo'],
        claimMappings: {
          ...claims('given_name', 'shoe_size', 'address.street'),
          'address.type': { defaultValue: 'Place' },
          family_name: { defaultValue: { particle: 'van' } },
        },
      }),
    ).toEqual([
      'type: is a type that no context defines',
      'additionalTypes[1]: is a type that no context defines',
      'claimMappings.shoe_size: uses shoe_size, which no context defines',
      'claimMappings.address.street: uses street, which no context defines',
      'claimMappings.address.type: uses Place, which no context defines',
      'claimMappings.family_name: uses particle, which no context defines',
    ]);
  });

  it('name contexts that are neither built in nor uploaded', async () => {
    expect(await faultsOf({ contexts: ['https://a.example/v1', OWN_CONTEXT, 'https://b.example/v1'] })).toEqual([
      'contexts[0]: is neither built in nor uploaded: upload it as a context first',
      'contexts[2]: is neither built in nor uploaded: upload it as a context first',
    ]);
  });

  it('name contexts that contradict the core', async () => {
    const contexts = new Map([[OWN_CONTEXT, '{"@context":{"VerifiableCredential":"https://evil.example/"}}']]);
    expect(await faultsOf({}, contexts)).toEqual(['contexts: do not work together: protected term redefinition']);
  });

  it('name a type that only the claims source knows', async () => {
    expect(await faultsOf({ claimMappings: claims('type') })).toEqual([
      'claimMappings.type: needs a defaultValue: what other claims mean may depend on it',
    ]);
  });

  it("name what MATTR's own context, once uploaded, leaves undefined", async () => {
    const mattr = 'https://mattr.global/contexts/vc-extensions/v2';
    const uploaded = new Map([...CONTEXTS, [mattr, '{"@context":{"name":"https://schema.org/name"}}']]);
    const faults = await faultsOf({ contexts: [mattr, OWN_CONTEXT] }, uploaded);
    expect(faults).toEqual(
      ['description', 'credentialBranding', 'logoUrl']
        .sort()
        .map((name) => expect.stringContaining(` define ${name}, `) as string),
    );
  });
});
