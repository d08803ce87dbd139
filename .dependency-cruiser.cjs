// Who may import whom. Each rule is tripped by test/architecture/directions.test.ts.

/** Every npm client has one owner folder; others reach what it does through a port. What is not listed, none may use. */
const OWNERS = {
  'better-sqlite3': 'src/adapters/sqlite/',
  ssh2: 'src/proxies/ssh/',
  fastify: 'src/adapters/http/',
  ws: 'src/adapters/http/',
  graphql: 'src/adapters/graphql/',
  'graphql-yoga': 'src/adapters/graphql/',
  '@graphql-yoga/render-graphiql': 'src/adapters/graphql/',
  '@pothos/[^/]+': 'src/adapters/graphql/',
  '@node-rs/argon2': 'src/adapters/passwords/',
  '@marcbachmann/cel-js': 'src/domain/policy/',
  yaml: 'src/adapters/yaml/',
  zod: 'src/application/resources/',
  'node-forge': 'src/adapters/certificates/',
  ldapts: 'src/adapters/ldap/',
  'openid-client': 'src/adapters/oidc/',
  jose: 'src/adapters/oidc/',
  '@node-saml/node-saml': 'src/adapters/saml/',
  '@simplewebauthn/server': 'src/adapters/factors/',
  qr: 'src/adapters/login-pages/',
  'libpg-query': 'src/adapters/postgres-parser/',
  '@xterm/headless': 'src/adapters/recordings/',
  '@xterm/addon-unicode11': 'src/adapters/recordings/',
  '@electric-sql/pglite': 'src/proxies/postgres/demo/',
};

/** What the web UI is made of; the server uses none of it, and it nothing of the server's. */
const WEB = [
  'react',
  'react-dom',
  '@mantine/[^/]+',
  'wouter',
  'urql',
  '@urql/core',
  'gql\\.tada',
  'vite',
  '@xterm/[^/]+',
];

const OURS = '^(src|web|test|scripts|bin)/';
const inPackages = (names) => `(^|/)node_modules/(@types/)?(${names})/`;

/** `from` may import, of what is ours, only what one of `may` matches. $1 stands for the folder found in `from`. */
const only = (name, comment, from, ...may) => ({
  name,
  comment,
  severity: 'error',
  from,
  to: { path: OURS, pathNot: may },
});

const directions = [
  only(
    'kernel-imports-nothing',
    'The kernel knows nothing but itself.',
    { path: '^src/domain/kernel/' },
    '^src/domain/kernel/',
  ),
  only(
    'aggregates-meet-through-events',
    'An aggregate imports the kernel and itself; it never calls another one.',
    { path: '^src/domain/(?!kernel/)([^/]+)/' },
    '^src/domain/kernel/',
    '^src/domain/$1/',
  ),
  only(
    'application-knows-the-domain',
    'The application imports the domain and itself; the rest is behind its ports.',
    { path: '^src/application/' },
    '^src/application/',
    '^src/domain/',
  ),
  only(
    'projections-read-events',
    'A view imports its own folder, the kit, the kernel, events, policy evaluation and the ports.',
    { path: '^src/projections/([^/]+)/' },
    '^src/projections/$1/',
    '^src/projections/kit/',
    '^src/domain/kernel/',
    '^src/domain/[^/]+/events\\.ts$',
    '^src/domain/policy/evaluate\\.ts$',
    '^src/application/ports/',
  ),
  only(
    'adapters-do-not-meet',
    'An adapter imports its own folder, the domain, the application and wire.',
    { path: '^src/adapters/([^/]+)/' },
    '^src/adapters/$1/',
    '^src/domain/',
    '^src/application/',
    '^src/wire/',
  ),
  only(
    'proxies-do-not-meet',
    'A proxy imports its own folder, the kit, the domain, the application and wire; never an adapter or another protocol.',
    { path: '^src/proxies/([^/]+)/' },
    '^src/proxies/$1/',
    '^src/proxies/kit/',
    '^src/domain/',
    '^src/application/',
    '^src/wire/',
  ),
  only(
    'wire-is-a-leaf',
    'A wire module imports nothing of ours but the files of its own folder.',
    { path: '^src/wire/([^/]+)/' },
    '^src/wire/$1/',
  ),
  only('wire-files-are-leaves', 'A wire file without a folder imports nothing of ours.', { path: '^src/wire/[^/]+$' }),
  only(
    'client-stands-alone',
    "What runs on a person's own machine imports the kernel, the policy and wire.",
    { path: '^src/client/' },
    '^src/client/',
    '^src/domain/kernel/',
    '^src/domain/policy/',
    '^src/wire/',
  ),
  only('source-imports-source', 'Nothing in src needs tests or scripts to run.', { path: '^src/main/' }, '^src/'),
  only('web-knows-generated-types', 'The web UI imports nothing of the server.', { path: '^web/' }, '^web/'),
];

const purity = {
  name: 'pure-without-builtins',
  comment: 'The domain and the views do no I/O, so they need nothing of Node.',
  severity: 'error',
  from: { path: '^src/(domain|projections)/' },
  to: { dependencyTypes: ['core'] },
};

const clients = Object.entries(OWNERS).map(([names, owner]) => ({
  name: `only-${owner.slice(0, -1).replaceAll('/', '-')}-imports-${names.replace('/[^/]+', '')}`,
  comment: `This npm client belongs to ${owner}: others go through a port.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^${owner}` },
  to: { path: inPackages(names) },
}));

const hygiene = [
  {
    name: 'clients-have-owners',
    comment: 'A package that src imports needs an owner folder in OWNERS, and its reason in docs/decisions/.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '(^|/)node_modules/', pathNot: inPackages(['@types/node', ...Object.keys(OWNERS)].join('|')) },
  },
  {
    name: 'web-clients-are-listed',
    comment: 'A package that the web UI imports stands in WEB, and its reason in docs/decisions/.',
    severity: 'error',
    from: { path: '^web/' },
    to: { path: '(^|/)node_modules/', pathNot: inPackages(WEB.join('|')) },
  },
  {
    name: 'no-circles',
    comment: 'Modules in a circle can only be understood, tested and loaded together.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-dead-ends',
    comment: 'An import that leads nowhere would be seen by no other rule.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

module.exports = {
  forbidden: [...directions, purity, ...clients, ...hygiene],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Imports of types are imports: an aggregate that needs another one's types is not apart from it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.json` },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
