import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../config/config.js';
import { locateTemporal } from '../../scripts/engines/locate.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
}

const source = read('docker-compose.yml');
const compose = parse(source, { merge: true }) as {
  services: Record<string, Service>;
  configs: Record<string, { content: string }>;
  volumes: Record<string, unknown>;
};
const dockerfile = read('Dockerfile');
const documented = new Set([...read('README.md').matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name as string));

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
}

/** What compose makes of `${NAME:-default}` and `${NAME:?message}` (where `$$` is a dollar), with the variables given. */
function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  const inner = /\$\{([A-Z_]+)(?::([-?])((?:[^{}])*))?\}/;
  let result = text;
  for (let match = inner.exec(result); match !== null; match = inner.exec(result)) {
    const [whole, name = '', operator, fallback = ''] = match;
    const value = env[name] ?? (operator === '-' ? fallback : undefined);
    if (value === undefined) throw new Error(`${name} is not set`);
    result = result.replace(whole, value);
  }
  return result;
}

describe('docker-compose.yml', () => {
  it.each([
    ['mongodb', 'mongo:7'],
    ['postgresql', 'postgres:16'],
    ['temporal', /^temporalio\/server:\d+\.\d+\.\d+$/],
    ['temporal-ui', /^temporalio\/ui:\d+\.\d+\.\d+$/],
    ['api', 'chancery'],
    ['worker', 'chancery'],
  ])('runs %s from %s', (name, image) => {
    expect(service(name).image).toEqual(typeof image === 'string' ? image : expect.stringMatching(image));
  });

  it('uses one version of Temporal', () => {
    const images = Object.values(compose.services).map(({ image = '' }) => image);
    const versions = images
      .filter((image) => /^temporalio\/(server|admin-tools):/.test(image))
      .map((image) => image.split(':')[1]);
    expect(versions.length).toBeGreaterThan(1);
    expect(new Set(versions).size).toBe(1);
  });

  it('runs the versions of Temporal and its UI that npm start runs', async () => {
    const command = await locateTemporal({ env: { ENGINES_DIR: process.env.ENGINES_DIR } });
    const [, server, ui] = /Server ([\d.]+), UI ([\d.]+)/.exec(execFileSync(command, ['--version'], { encoding: 'utf8' })) ?? [];
    expect(service('temporal').image).toBe(`temporalio/server:${server}`);
    expect(service('temporal-ui').image).toBe(`temporalio/ui:${ui}`);
  });

  it('names only variables that are documented', () => {
    const interpolated = [...source.matchAll(/(?<!\$)\$\{([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name as string);
    const given = ['api', 'worker', 'search-attributes'].flatMap((name) => Object.keys(service(name).environment ?? {}));
    const names = new Set([...interpolated, ...given]);
    expect(names.size).toBeGreaterThan(12);
    expect([...names].filter((name) => !documented.has(name))).toEqual([]);
  });

  it('tells in .env.example of what it cannot do without', () => {
    const required = [...source.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name as string);
    expect(required.sort()).toEqual(['ADMIN_CLIENT_ID', 'ADMIN_CLIENT_SECRET', 'MASTER_KEY']);
    for (const name of required) expect(read('.env.example')).toContain(`\n#${name}=`);
  });

  it.each(['api', 'worker', 'search-attributes'])(
    'gives %s settings it can start with, and no way around the secrets',
    (name) => {
      const settings = Object.entries(service(name).environment ?? {});
      const secret = randomBytes(32).toString('base64url');
      const others = { ADMIN_CLIENT_ID: 'admin', ADMIN_CLIENT_SECRET: secret };
      const given = { MASTER_KEY: secret, ...others };
      const env = (more: Readonly<Record<string, string>>) =>
        Object.fromEntries(settings.map(([key, value]) => [key, interpolate(value, more)]));
      expect(loadConfig({ env: env(given), hostname: name })).toMatchObject({ PUBLIC_URL: 'http://localhost:3000', PORT: 3000 });
      expect(() => env(others)).toThrow('MASTER_KEY is not set');
      const production = env({ ...given, NODE_ENV: 'production', PUBLIC_URL: 'https://issuer.example' });
      expect(loadConfig({ env: production, hostname: name })).toMatchObject({ production: true });
    },
  );

  it('finds its servers by the names of their services', () => {
    const { MONGODB_URI = '', TEMPORAL_ADDRESS = '' } = service('api').environment ?? {};
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([new URL(MONGODB_URI).hostname, TEMPORAL_ADDRESS.split(':')[0]]),
    );
    expect(service('worker').environment).toEqual(service('api').environment);
  });

  it('makes MongoDB a replica set, the one the address names', () => {
    const { MONGODB_URI = '' } = service('api').environment ?? {};
    const name = new URL(MONGODB_URI).searchParams.get('replicaSet') ?? 'none';
    expect(service('mongodb').command).toEqual(expect.arrayContaining(['--replSet', name]));
    expect(service('mongodb').healthcheck?.test.join(' ')).toContain(`rs.initiate({ _id: '${name}'`);
  });

  it('keeps the data of both databases', () => {
    const kept = ['mongodb', 'postgresql'].flatMap((name) => service(name).volumes ?? []).map((volume) => volume.split(':')[0]);
    expect(kept).toEqual(Object.keys(compose.volumes));
  });

  it('shows only the API to the network', () => {
    const open = Object.entries(compose.services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port] as const));
    expect(open.filter(([, port]) => !port.startsWith('127.0.0.1:')).map(([name]) => name)).toEqual(['api']);
  });

  it('starts API and worker when everything they need is ready, and knows when they are', () => {
    for (const [name, port] of [
      ['api', 3000],
      ['worker', 3001],
    ] as const) {
      expect(service(name).depends_on).toEqual({
        mongodb: { condition: 'service_healthy' },
        'search-attributes': { condition: 'service_completed_successfully' },
      });
      expect(service(name).healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/readyz`);
    }
    const awaited = Object.values(compose.services).flatMap(({ depends_on = {} }) => Object.entries(depends_on));
    for (const [name, { condition }] of awaited) {
      expect(service(name).healthcheck !== undefined, name).toBe(condition === 'service_healthy');
    }
  });

  it('runs scripts that exist', () => {
    const scripts = ['api', 'worker', 'search-attributes'].map((name) => service(name).command?.at(-1) ?? '');
    expect(scripts).toEqual(['api/main.ts', 'worker/main.ts', 'scripts/register-search-attributes.ts']);
    for (const script of scripts) expect(existsSync(join(ROOT, script))).toBe(true);
  });
});

describe('the settings of Temporal are those of npm start:', () => {
  const embedded = read('scripts/engines/temporal-server.ts');

  it('dynamic configuration', () => {
    const [, name = '', value = ''] = /'--dynamic-config-value', '([^=]+)=([^']+)'/.exec(embedded) ?? [];
    const { content = '' } = compose.configs['temporal-dynamic-config'] ?? {};
    expect(parse(content)).toEqual({ [name]: [{ value: Number(value) }] });
    expect(embedded.match(/--dynamic-config-value/g)).toHaveLength(1);
  });

  it('memory', () => {
    expect(service('temporal').environment?.GOGC).toBe(/GOGC: '(\d+)'/.exec(embedded)?.[1]);
  });

  it('codec endpoint', () => {
    const [, path = ''] = /codecEndpoint: `\$\{config\.PUBLIC_URL\}([^`]+)`/.exec(read('scripts/start/engines.ts')) ?? [];
    const endpoint = service('temporal-ui').environment?.TEMPORAL_CODEC_ENDPOINT ?? '';
    expect(interpolate(endpoint, {})).toBe(`http://localhost:3000${path}`);
  });

  it('ports and namespace', () => {
    expect(service('temporal-ui').ports?.map((port) => interpolate(port, {}))).toEqual(['127.0.0.1:8233:8080']);
    expect(interpolate(service('temporal-namespace').environment?.NAMESPACE ?? '', {})).toBe('default');
  });
});

describe('Dockerfile', () => {
  const [, ...stages] = dockerfile.split(/^FROM /m);
  const last = stages.at(-1) ?? '';

  it('builds in stages, from the Node.js that is asked for, and runs without root', () => {
    expect(stages.length).toBeGreaterThan(1);
    for (const stage of stages) expect(stage).toMatch(/^node:20-/);
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('CMD'));
    expect(last).toMatch(/^ENV NODE_ENV=production$/m);
  });

  it('takes the locked packages, without those for development', () => {
    expect(stages[0]).toMatch(/npm ci --omit=dev/);
  });

  it('takes every folder of the product, and .dockerignore lets nothing else through', () => {
    const product = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.|test$|docs$|node_modules$|coverage$|dist$)/.test(entry.name))
      .map(({ name }) => name);
    const copied = [...last.matchAll(/^COPY (\w+) (\w+)$/gm)].map(([, from, to]) => [from, to]);
    expect(copied).toEqual(product.map((name) => [name, name]));
    const files = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json'];
    expect(read('.dockerignore').trim().split('\n')).toEqual(['*', ...[...files, ...product].map((name) => `!${name}`)]);
  });

  it('starts the API', () => {
    expect(last).toMatch(/^CMD \["node", "--import", "tsx", "api\/main\.ts"\]$/m);
    expect(service('api')).toMatchObject({ build: '.', read_only: true });
  });
});
