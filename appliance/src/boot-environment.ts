import { z } from 'zod'
import { TLS_MODES, type TlsBoot } from './api/certificates.ts'
import type { ImportedKey } from './api/keys.ts'
import { PERMISSIONS, ROLE_PERMISSIONS } from './api/permissions.ts'
import { LaresError } from './core/errors.ts'
import { createVariables, type Env, type Variables, type VariablesOptions } from './core/variables.ts'

export const STAGES = ['production', 'staging', 'development'] as const
export type Stage = (typeof STAGES)[number]

/** What decides before the database opens, under names that other programs know too. No options on the command line. */
export interface BootEnvironment {
  readonly environment: Stage
  readonly debug: boolean
  readonly adminEnabled: boolean
  readonly adminApiKey: string | undefined
  readonly apiKeys: readonly ImportedKey[]
  readonly jwtSecretKey: string | undefined
  readonly corsOrigins: readonly string[]
  readonly tls: TlsBoot
  readonly allowInsecure: boolean
  /** Everything else that the environment decides: settings that name a variable. */
  readonly variables: Variables
}

export interface EnvironmentVariable {
  readonly secret: boolean
  readonly words: string
  readonly allowed: string
  readonly initial: string
  /** The field of `BootEnvironment` that it fills. */
  readonly field: keyof BootEnvironment
}

const SWITCH = '`true` or `1` is on, everything else is off'
const declare = (
  field: keyof BootEnvironment,
  words: string,
  allowed: string,
  initial: string,
  secret = false,
): EnvironmentVariable => ({ field, words, allowed, initial, secret })

/** For the reference. A secret may also come from the file that `<NAME>_FILE` names. */
export const ENVIRONMENT_VARIABLES: Readonly<Record<string, EnvironmentVariable>> = {
  ENVIRONMENT: declare(
    'environment',
    'How strict the start is: in production everything unsafe is refused, elsewhere it is only said in the log.',
    STAGES.map((stage) => `\`${stage}\``).join(', '),
    'production',
  ),
  DEBUG: declare('debug', 'One of the two switches of the admin endpoints.', SWITCH, 'off'),
  ADMIN_ENABLED: declare('adminEnabled', 'The other switch of the admin endpoints.', SWITCH, 'off'),
  ADMIN_API_KEY: declare(
    'adminApiKey',
    'Key of the admin endpoints, sent in the header X-Admin-API-Key; without it there are none.',
    'text, 16 characters or more',
    'none',
    true,
  ),
  API_KEYS: declare(
    'apiKeys',
    'Keys for programs that are there from the start.',
    'JSON list of texts or of `{"name", "key", "scopes"}`, or texts with commas between; each 16 characters or more',
    'none',
    true,
  ),
  JWT_SECRET_KEY: declare(
    'jwtSecretKey',
    'What session tokens are signed with, instead of a key that the box makes itself.',
    'text, 32 characters or more',
    'none',
    true,
  ),
  CORS_ORIGINS: declare(
    'corsOrigins',
    'Other web pages that may call the API.',
    'JSON list, or texts with commas between: `https://name[:port]` or `https://*.domain`',
    'none',
  ),
  TLS_MODE: declare(
    'tls',
    'Where the certificate comes from: the private root alone, two files, an ACME authority, or no HTTPS at all.',
    TLS_MODES.map((mode) => `\`${mode}\``).join(', '),
    'the app decides, at first `self_signed`',
  ),
  TLS_CERT_PATH: declare(
    'tls',
    'File with the certificate and its chain, for `provided`.',
    'path of a PEM file',
    'none',
  ),
  TLS_KEY_PATH: declare('tls', 'File with its private key, for `provided`.', 'path of a PEM file', 'none'),
  TLS_CA_PATH: declare(
    'tls',
    'File with further authorities whose client certificates count, and whose server certificates are complete.',
    'path of a PEM file',
    'none',
  ),
  TLS_CERT_DIR: declare(
    'tls',
    'Folder of the private root and of what it signs.',
    'path of a folder',
    '`tls` in the data folder',
  ),
  ALLOW_INSECURE: declare(
    'allowInsecure',
    'Lets `TLS_MODE=disabled` serve other machines too: passwords and pictures cross the network in the clear.',
    SWITCH,
    'off',
  ),
  CORS_ALLOWED_ORIGINS: declare('corsOrigins', 'Another name of CORS_ORIGINS.', 'as CORS_ORIGINS', 'none'),
}

const SHORTEST_KEY = 16
const SHORTEST_SIGNING_KEY = 32
const LONGEST_KEY = 256
/** What fits into a header and needs no quoting. */
const PLAIN = /^[\x21-\x7e]+$/

const refuse = (words: string, code = 'BAD_ENVIRONMENT'): LaresError => new LaresError('invalid', words, { code })

/** A list as JSON, or with commas between. Throws `invalid`. */
function readList(name: string, text: string): unknown[] {
  if (!text.trim().startsWith('['))
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  try {
    return JSON.parse(text) as unknown[]
  } catch {
    throw refuse(`${name} begins like a JSON list, but is none.`)
  }
}

const importedKey = z.strictObject({
  name: z.string().trim().min(1).max(64),
  key: z.string(),
  scopes: z.array(z.enum(PERMISSIONS)).min(1).optional(),
})

function readKey(entry: unknown, index: number): ImportedKey {
  const number = index + 1
  const parsed = importedKey.safeParse(typeof entry === 'string' ? { name: `Key ${number}`, key: entry } : entry)
  if (!parsed.success)
    throw refuse(
      `API_KEYS: entry ${number} is neither a text nor {"name", "key", "scopes"} with permissions that exist.`,
    )
  const { name, key, scopes = ROLE_PERMISSIONS.operator } = parsed.data
  if (!PLAIN.test(key) || key.length > LONGEST_KEY)
    throw refuse(
      `API_KEYS: the key of entry ${number} is not plain text without spaces of at most ${LONGEST_KEY} characters.`,
    )
  return Object.freeze({ name, key, scopes })
}

/** Keys that programs may use from the start. A bare one may do what an operator may. Throws `invalid`; never shows a key. */
export function parseApiKeys(text: string): ImportedKey[] {
  const keys = readList('API_KEYS', text).map(readKey)
  if (new Set(keys.map(({ key }) => key)).size < keys.length) throw refuse('API_KEYS holds the same key twice.')
  return keys
}

const EXACT_ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/
const ORIGIN_PATTERN = /^https:\/\/\*\.(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d{1,5})?$/

/** Pages that may call the API: exact origins, `https://*.domain`, or `*` alone. Throws `invalid` naming the wrong one. */
export function parseOrigins(text: string): string[] {
  return readList('CORS_ORIGINS', text).map((entry) => {
    const origin = typeof entry === 'string' ? entry.trim().toLowerCase().replace(/\/$/, '') : ''
    if (origin === '*' || EXACT_ORIGIN.test(origin) || ORIGIN_PATTERN.test(origin)) return origin
    throw refuse(
      `CORS_ORIGINS: ${JSON.stringify(entry)} is not like https://name, https://name:port or https://*.domain.`,
    )
  })
}

function readOrigins(variables: Variables): string[] {
  const [first, second] = [variables.get('CORS_ORIGINS'), variables.get('CORS_ALLOWED_ORIGINS')]
  if (first !== undefined && second !== undefined && first !== second)
    throw refuse('CORS_ORIGINS and CORS_ALLOWED_ORIGINS are the same setting, but differ. Keep one of them.')
  const origins = [...new Set(parseOrigins(first ?? second ?? ''))]
  if (origins.includes('*'))
    variables.object(
      'CORS_ORIGINS allows every page of the web (*). Name the pages that may call the API.',
      'CORS_WILDCARD',
    )
  return origins
}

function readStage(env: Env): Stage {
  const text = env.ENVIRONMENT || 'production'
  const stage = STAGES.find((known) => known === text)
  if (stage) return stage
  throw refuse(`ENVIRONMENT must be one of ${STAGES.join(', ')}.`)
}

/** DEBUG is a name that other programs use for lists of words: only a clear yes is one. */
const isOn = (text: string | undefined): boolean => text === 'true' || text === '1'

/** A secret that somebody chose; one that is too easy to guess is objected to. */
function readChosenSecret(variables: Variables, name: string, shortest: number): string | undefined {
  const secret = variables.getSecret(name)
  if (secret !== undefined && secret.length < shortest)
    variables.object(
      `${name} is shorter than ${shortest} characters: make a new one with openssl rand -base64 32.`,
      'WEAK_SECRET',
    )
  return secret
}

function readApiKeys(variables: Variables): ImportedKey[] {
  const keys = parseApiKeys(variables.getSecret('API_KEYS') ?? '')
  const weak = keys.findIndex(({ key }) => key.length < SHORTEST_KEY)
  if (weak >= 0)
    variables.object(
      `API_KEYS: the key of entry ${weak + 1} is shorter than ${SHORTEST_KEY} characters: make a new one with openssl rand -base64 32.`,
      'WEAK_SECRET',
    )
  return keys
}

/** What is named has to be there: `provided` without its two files is a mistake, and files without it would go unused. */
function readTls(variables: Variables): TlsBoot {
  const text = variables.get('TLS_MODE')
  const mode = TLS_MODES.find((known) => known === text)
  if (text !== undefined && !mode) throw refuse(`TLS_MODE must be one of ${TLS_MODES.join(', ')}.`)
  const [certPath, keyPath] = [variables.get('TLS_CERT_PATH'), variables.get('TLS_KEY_PATH')]
  if (mode === 'provided' && (certPath === undefined || keyPath === undefined))
    throw refuse('TLS_MODE=provided needs TLS_CERT_PATH and TLS_KEY_PATH.')
  if (mode !== 'provided' && (certPath ?? keyPath) !== undefined)
    throw refuse('TLS_CERT_PATH and TLS_KEY_PATH are used with TLS_MODE=provided only; set that, or leave them away.')
  return { mode, certPath, keyPath, caPath: variables.get('TLS_CA_PATH'), certDir: variables.get('TLS_CERT_DIR') }
}

/** Reads and checks them all. Throws `invalid` with one sentence naming the variable, never its value when it is secret. */
export function readBootEnvironment(env: Env, options: Omit<VariablesOptions, 'strict'> = {}): BootEnvironment {
  const environment = readStage(env)
  const variables = createVariables(env, { ...options, strict: environment === 'production' })
  const [debug, adminEnabled] = [isOn(variables.get('DEBUG')), isOn(variables.get('ADMIN_ENABLED'))]
  const adminApiKey = readChosenSecret(variables, 'ADMIN_API_KEY', SHORTEST_KEY)
  if (debug && adminEnabled && adminApiKey === undefined)
    variables.object(
      'DEBUG and ADMIN_ENABLED ask for the admin endpoints, but ADMIN_API_KEY is not set: without it there are none.',
      'ADMIN_KEY_MISSING',
    )
  return {
    ...{ environment, debug, adminEnabled, adminApiKey },
    apiKeys: readApiKeys(variables),
    jwtSecretKey: readChosenSecret(variables, 'JWT_SECRET_KEY', SHORTEST_SIGNING_KEY),
    corsOrigins: readOrigins(variables),
    tls: readTls(variables),
    allowInsecure: isOn(variables.get('ALLOW_INSECURE')),
    variables,
  }
}
