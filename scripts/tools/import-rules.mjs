// Who may import whom: the arrows of docs/design/README.md, and the fences around npm packages.
const SRC = '^appliance/src/'

/** Every feature may use these; they know no feature. The last is the interface through which each tells the owner something. */
const GROUND = ['core/', 'api/', 'db/', 'http/', 'events\\.ts$', 'health/types\\.ts$']

const GROUND_ARROWS = {
  'core/': [],
  'api/': [],
  'events\\.ts$': ['core/', 'api/'],
  'boot-environment\\.ts$': ['core/', 'api/'],
  'boot-config\\.ts$': ['core/', 'api/', 'boot-environment\\.ts$'],
  'db/': ['core/', 'api/'],
  'http/': ['core/', 'api/'],
}

/** They know every feature: main and serve run the product, compose builds it, the others open what it stands on. */
const TOP_FILES = ['main\\.ts$', 'serve\\.ts$', 'compose\\.ts$', 'compose/', 'open-home\\.ts$', 'all-settings\\.ts$']
const TOP = `${SRC}(${TOP_FILES.join('|')}|cli/)`

const FEATURE_ARROWS = {
  audit: [],
  settings: ['audit'],
  hardware: [],
  health: [],
  host: [],
  admin: ['audit'],
  media: ['hardware'],
  accounts: ['settings', 'audit'],
  tls: ['settings', 'audit'],
  plugs: ['settings', 'audit', 'media'],
  energy: ['settings', 'plugs'],
  cameras: ['settings', 'media'],
  vision: ['settings', 'media', 'hardware', 'cameras'],
  recording: ['settings', 'media', 'cameras'],
  incidents: ['settings', 'audit', 'vision', 'recording', 'cameras'],
  modes: ['settings', 'audit', 'accounts'],
  alerts: ['settings', 'audit', 'accounts', 'incidents', 'modes'],
  mqtt: [],
  network: ['audit', 'host'],
  'remote-access': ['settings', 'audit', 'host'],
  updates: ['settings', 'audit', 'host'],
  backup: ['settings'],
  box: ['settings', 'audit', 'host'],
  setup: ['settings', 'accounts', 'tls', 'hardware', 'cameras', 'plugs'],
}

/** npm package or Node module → the only files that may import it. */
const FENCES = [
  { what: 'kysely', is: 'node_modules/kysely/', only: `${SRC}(db/|(.+/)(store|[a-z-]+-store)\\.ts$)` },
  { what: 'the SQLite driver', is: 'node_modules/(sqlite3|@appthreat/sqlite3)/', only: `${SRC}db/` },
  { what: 'the Postgres driver', is: 'node_modules/pg/', only: `${SRC}db/` },
  { what: 'koa', is: 'node_modules/(koa|@koa)/', only: `${SRC}http/` },
  { what: 'onnxruntime-node', is: 'node_modules/onnxruntime-', only: `${SRC}vision/detector-worker\\.ts$` },
  { what: 'tplink-smarthome-api', is: 'node_modules/tplink-smarthome-api/', only: `${SRC}plugs/` },
  { what: 'acme-client', is: 'node_modules/acme-client/', only: `${SRC}tls/acme/` },
  { what: 'node:child_process', is: '^(node:)?child_process$', only: `${SRC}core/subprocess\\.ts$` },
]

const forbidden = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

function groundRule([place, arrows]) {
  const own = place.endsWith('/') ? [place] : []
  const allowed = [...own, ...arrows].map((target) => SRC + target)
  const name = place.replace(/\\|\/|\$/g, '')
  return forbidden(
    `${name}-arrows`,
    `${name} may import only ${arrows.join(' and ') || 'itself'}`,
    { path: SRC + place },
    {
      path: '^(appliance|pwa|tests|scripts)/',
      pathNot: allowed,
    },
  )
}

/** What a folder shows to others: index.ts, and types.ts, which has no code in it. */
const SHOWN = '(index|types)\\.ts$'

function featureRule([feature, arrows]) {
  const allowed = [`${feature}/`, ...GROUND, ...arrows.map((target) => `${target}/${SHOWN}`)].map(
    (target) => SRC + target,
  )
  const words = `${feature} may import ${arrows.join(', ') || 'no other feature'}, each through its index.ts (or, for types alone, types.ts)`
  return forbidden(
    `${feature}-arrows`,
    words,
    { path: `${SRC}${feature}/` },
    {
      path: '^(appliance|pwa|tests|scripts)/',
      pathNot: allowed,
    },
  )
}

function unknownFolderRule() {
  const known = [
    ...Object.keys(GROUND_ARROWS),
    ...Object.keys(FEATURE_ARROWS).map((name) => `${name}/`),
    'cli/',
    ...TOP_FILES,
  ]
  const words = 'a new folder gets its arrows in scripts/tools/import-rules.mjs and docs/design/README.md first'
  return forbidden('known-folder', words, { path: SRC, pathNot: known.map((name) => SRC + name) }, { path: '.' })
}

export const rules = {
  forbidden: [
    ...Object.entries(GROUND_ARROWS).map(groundRule),
    ...Object.entries(FEATURE_ARROWS).map(featureRule),
    unknownFolderRule(),
    forbidden(
      'main-and-cli-through-index',
      'a feature is its index.ts',
      { path: TOP },
      {
        path: `${SRC}(${Object.keys(FEATURE_ARROWS).join('|')})/`,
        pathNot: `/${SHOWN}`,
      },
    ),
    forbidden('nobody-imports-main', 'main and cli are the top', { path: SRC, pathNot: TOP }, { path: TOP }),
    forbidden(
      'pwa-imports-api-only',
      'the app knows the server through appliance/src/api only',
      { path: '^pwa/' },
      {
        path: '^(appliance|tests|scripts)/',
        pathNot: `${SRC}api/`,
      },
    ),
    forbidden(
      'types-only',
      'types.ts of another folder is imported with `import type`',
      { path: `${SRC}([^/]+)/` },
      {
        path: `${SRC}[^/]+/types\\.ts$`,
        pathNot: `${SRC}$1/`,
        dependencyTypesNot: ['type-only'],
      },
    ),
    ...FENCES.map(({ what, is, only }) =>
      forbidden(
        `fence-${what.replaceAll(' ', '-')}`,
        `${what} is imported in one place`,
        { path: SRC, pathNot: only },
        { path: is },
      ),
    ),
    forbidden(
      'no-cycles',
      'no file imports itself by way of others',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    forbidden('resolvable', 'every import leads somewhere', {}, { couldNotResolve: true }),
  ],
}
