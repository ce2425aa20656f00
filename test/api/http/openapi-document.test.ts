import { randomBytes } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Router } from 'express';
import { describe, expect, it } from 'vitest';
import type { ApiContext } from '../../../api/context.js';
import { buildOpenApiDocument } from '../../../api/http/openapi-document.js';
import { createManagementRouter } from '../../../api/management/router.js';
import { createWalletRouter } from '../../../api/wallet/router.js';
import { loadConfig } from '../../../config/config.js';
import { OpenApiDescription } from './openapi-description.js';
import { OPENAPI_SHAPE } from './openapi-shape.js';

const config = loadConfig({ env: { MASTER_KEY: randomBytes(32).toString('base64url') }, hostname: 'test' });
const description = new OpenApiDescription(JSON.parse(JSON.stringify(buildOpenApiDocument(config))));
const { document } = description;

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
);

/** Served, and left out of the description: older names for what is in it. */
const ALIASES =
  /^\w+ (?:\/v1\/(?:claimsources|users\/authenticationproviders)(?:\/\{id\})?|\/\.well-known\/(?:openid-configuration|did-configuration))$/;

/** Every route of a router, and of those in it, as `<method> <path>`, in the notation of OpenAPI. */
function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    // A router within the router.
    if (route === undefined) return 'stack' in handle ? routesOf(handle as unknown as Router) : [];
    const { path, stack } = route;
    const methods = stack.flatMap(({ method }) => (typeof method === 'string' ? [method] : []));
    // One that looks at the method itself is for GET.
    const taken = methods.length === 0 ? ['get'] : [...new Set(methods)];
    return [path as string | string[]]
      .flat()
      .flatMap((one) => taken.map((method) => `${method} ${one.replace(/:(\w+)/g, '{$1}')}`));
  });
}

describe('the OpenAPI document', () => {
  it('is in the shape of OpenAPI 3.1', () => {
    const ajv = new Ajv2020({ allErrors: true });
    formats.default(ajv);
    const validate = ajv.compile(OPENAPI_SHAPE);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('has schemas that are JSON Schema 2020-12, each reference leading somewhere', () => {
    const pointers = [...description.schemaPointers()];
    expect(pointers.length).toBeGreaterThan(100);
    for (const pointer of pointers) expect(() => description.compile(pointer), pointer).not.toThrow();
  });

  it('declares each parameter of a path', () => {
    for (const { name, path, operation } of operations) {
      const inPath = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name);
      expect(inPath, name).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter));
    }
  });

  it('has operation ids that are unique, and security schemes that are there', () => {
    const ids = operations.flatMap(({ operation }) => operation.operationId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const schemes = operations.flatMap(({ operation }) => (operation.security ?? []).flatMap(Object.keys));
    expect(new Set(schemes)).toEqual(new Set(['managementToken', 'walletToken']));
    expect(Object.keys(document.components.securitySchemes).sort()).toEqual(['managementToken', 'walletToken']);
  });

  it('describes every route that is served, and none that is not', () => {
    // What answers requests is not called here, only what tells them apart.
    const context = { config, db: {}, now: Date.now } as unknown as ApiContext;
    const routes = [createManagementRouter(context), createWalletRouter(context)].flatMap(routesOf);
    expect(routes.length).toBeGreaterThan(25);
    // Wallets and management read offers at one path, by ids of two kinds.
    const served = new Set(routes.filter((route) => !ALIASES.test(route)));
    expect([...served].sort()).toEqual(description.operations);
  });

  it('says of each management operation who may do it, and what it leaves in the event log', () => {
    for (const { name, operation } of operations) {
      const isManagement = operation.security?.some((scheme) => 'managementToken' in scheme) === true;
      if (!isManagement) continue;
      const { description: text = '' } = operation as { description?: string };
      expect(text, name).toMatch(/Roles: (?:admin|issuer)/);
      expect(text, name).toMatch(/Events: `[A-Z_]+_START`, `[A-Z_]+_SUCCESS`, `[A-Z_]+_FAIL`\./);
      for (const status of ['401', '403', '429', '500', '503']) expect(operation.responses, name).toHaveProperty(status);
    }
  });
});
