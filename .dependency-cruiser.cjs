// Dependencies point one way (docs/architecture.md).
const OURS = '^(activities|api|config|credentials|keys|outbound|scripts|store|test|worker|workflows)/';

/** A folder may import `allowed`, of `types` only types, and nothing else of ours. */
const layer = (name, { allowed, types = '^$', comment }) => [
  { name, comment, severity: 'error', from: { path: `^${name}/` }, to: { path: OURS, pathNot: [allowed, types] } },
  {
    name: `${name}-types`,
    comment: `${comment} Of these files it may import types only.`,
    severity: 'error',
    from: { path: `^${name}/` },
    to: { path: types, pathNot: allowed, dependencyTypesNot: ['type-only'] },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layer('api', {
      allowed:
        '^(api|store|keys|credentials|config|outbound)/|^workflows/([a-z-]*messages|phases|search-attributes)[.]ts$|^worker/(payload-codec|data-converter)[.]ts$',
      comment: 'The API knows the contract with the workflows, and nothing else of them.',
    }),
    ...layer('activities', {
      allowed: '^(activities|store|keys|credentials|config|outbound)/',
      types: '^workflows/',
      comment: 'Activities know nothing of HTTP, and implement the types that workflows ask for.',
    }),
    ...layer('workflows', {
      allowed: '^workflows/',
      types: '^activities/',
      comment: 'Workflows are deterministic: no I/O, no cryptography.',
    }),
    ...layer('credentials', {
      allowed: '^(credentials|keys)/',
      types: '^store/[a-z-]*documents[.]ts$',
      comment: 'Credential formats know no service around them.',
    }),
    ...layer('keys', {
      allowed: '^keys/',
      types: '^store/[a-z-]*documents[.]ts$',
      comment: 'Keys and certificates know no service around them.',
    }),
    ...layer('store', {
      allowed: '^(store|keys)/',
      types: '^(credentials|workflows|config)/',
      comment: 'The store knows documents, not those who use them.',
    }),
    ...layer('config', { allowed: '^config/', comment: 'Configuration depends on nothing.' }),
    ...layer('outbound', { allowed: '^outbound/', comment: 'Outbound requests know no service around them.' }),
    ...layer('worker', {
      allowed: '^(worker|activities|workflows|store|keys|credentials|config|outbound)/',
      comment: 'The worker knows no HTTP endpoint.',
    }),
    {
      name: 'credentials-and-keys-packages',
      comment: 'Credentials and keys know neither Express nor Temporal nor MongoDB.',
      severity: 'error',
      from: { path: '^(credentials|keys)/' },
      to: { path: 'node_modules/(express|mongodb|@temporalio)/' },
    },
    {
      name: 'store-packages',
      comment: 'The store knows neither Express nor Temporal.',
      severity: 'error',
      from: { path: '^store/' },
      to: { path: 'node_modules/(express|@temporalio)/' },
    },
    {
      name: 'workflows-packages',
      comment: 'What a workflow imports runs in its sandbox, in every replay.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'],
        pathNot: 'node_modules/@temporalio/(workflow|common)/',
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'no-development-packages',
      comment: 'What runs in production has its packages in "dependencies".',
      severity: 'error',
      from: {
        path: '^((activities|api|config|credentials|keys|outbound|store|worker|workflows|scripts/(engines|start))/|scripts/register-)',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^([.]engines|[.]data|[.]tmp|coverage|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
