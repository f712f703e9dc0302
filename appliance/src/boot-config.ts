import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ENVIRONMENT_VARIABLES, readBootEnvironment, type BootEnvironment } from './boot-environment.ts'
import { LaresError } from './core/errors.ts'
import type { VariablesOptions } from './core/variables.ts'

export type { Stage } from './boot-environment.ts'

const NO_PORT = 'must be a whole number from 0 to 65535'
const port = z.coerce.number({ error: NO_PORT }).int(NO_PORT).min(0, NO_PORT).max(65_535, NO_PORT)
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const

/**
 * The few values needed before the database opens. Each is `LARES_<NAME>` in the environment or `--<name>` on the
 * command line (which wins); everything else is a setting in the app, apart from those of `boot-environment.ts`. An
 * unknown or misspelt key stops the start.
 */
export const BOOT_VARIABLES = {
  LARES_DATA: {
    flag: 'data',
    schema: z.string().min(1).default('./data'),
    words: 'Folder that holds everything the box knows: database, keys, pictures.',
  },
  LARES_HTTPS_PORT: {
    flag: 'https-port',
    schema: port.default(8443),
    words: 'Port of the app and the API. 0 picks a free one.',
  },
  LARES_HTTP_PORT: {
    flag: 'http-port',
    schema: port.default(8080),
    words: 'Port of the trust page over plain HTTP. 0 picks a free one.',
  },
  LARES_HOST: {
    flag: 'host',
    schema: z.string().min(1).default('0.0.0.0'),
    words: 'Address to listen on. 127.0.0.1 for this machine only.',
  },
  LARES_NAME: {
    flag: 'name',
    schema: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'letters, digits and dashes only')
      .default('lares'),
    words: 'Name on the home network: <name>.local.',
  },
  LARES_LOG_LEVEL: {
    flag: 'log-level',
    schema: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
    words: 'How much is logged.',
  },
  LARES_FFMPEG: {
    flag: 'ffmpeg',
    schema: z.string().min(1).default('ffmpeg'),
    words: 'The ffmpeg program: a name on the path, or a file.',
  },
  LARES_MODEL: {
    flag: 'model',
    schema: z.string().min(1).optional(),
    words: 'Name of an installed model or path of an ONNX file, instead of the one that `lares models use` chose.',
  },
  LARES_HOST_SOCKET: {
    flag: 'host-socket',
    schema: z.string().min(1).default('/run/lares-host.sock'),
    words: 'Where the host agent listens, which does what needs root on a box of ours.',
  },
  LARES_PUSH_CA: {
    flag: 'push-ca',
    schema: z.string().min(1).optional(),
    words: 'PEM file with a further root that push services may use (company proxies, tests).',
  },
} as const

export interface BootConfig extends BootEnvironment {
  readonly dataDir: string
  readonly httpsPort: number
  readonly httpPort: number
  readonly host: string
  readonly name: string
  readonly logLevel: string
  readonly ffmpeg: string
  readonly model: string | undefined
  readonly hostSocket: string
  readonly pushCa: string | undefined
}

/** What `--help` prints. */
export function bootHelp(): string {
  const rows = Object.entries(BOOT_VARIABLES).map(([name, { flag, schema, words }]) => {
    const initial = schema.safeParse(undefined).data
    return `  --${flag.padEnd(12)}${words}${initial === undefined ? '' : ` Usually ${initial}.`} (${name})`
  })
  const others = Object.keys(ENVIRONMENT_VARIABLES).join(', ')
  const words = `Each may also be set in the environment, and there alone: ${others}.`
  return ['Usage: npm start -- [OPTION VALUE …]', '', ...rows, '', words].join('\n')
}

function readFlags(args: readonly string[]): Record<string, string> {
  const options = Object.fromEntries(
    Object.values(BOOT_VARIABLES).map(({ flag }) => [flag, { type: 'string' as const }]),
  )
  try {
    return parseArgs({ args: [...args], options, strict: true }).values as Record<string, string>
  } catch (cause) {
    const known = Object.values(BOOT_VARIABLES).map(({ flag }) => `--${flag}`)
    throw new LaresError(
      'invalid',
      `Cannot read the command line: ${(cause as Error).message.replace(/\.$/, '')}. Known are: ${known.join(', ')}, --help.`,
      { code: 'BAD_COMMAND_LINE', cause },
    )
  }
}

function refuseUnknown(env: Readonly<Record<string, string | undefined>>): void {
  const unknown = Object.keys(env).filter((key) => key.startsWith('LARES_') && !(key in BOOT_VARIABLES))
  if (unknown.length === 0) return
  const known = Object.keys(BOOT_VARIABLES).join(', ')
  throw new LaresError('invalid', `Unknown setting ${unknown.join(', ')}. Known are: ${known}.`, {
    code: 'UNKNOWN_SETTING',
  })
}

const LOOPBACK = /^(127\.|::1$|localhost$)/

/** Without HTTPS the box talks to its own machine alone, unless somebody says that they know (SEC-B1). */
function refuseInTheClear(config: BootConfig): void {
  if (config.tls.mode !== 'disabled' || config.allowInsecure || LOOPBACK.test(config.host)) return
  throw new LaresError(
    'invalid',
    `TLS_MODE=disabled would send passwords and pictures across the network in the clear. Listen on this machine alone (LARES_HOST=127.0.0.1), or set ALLOW_INSECURE=true if you know that nobody listens in.`,
    { code: 'BAD_ENVIRONMENT' },
  )
}

/** Reads and checks environment and command line. Throws `invalid` with one sentence naming the key. */
export function readBootConfig(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
  options: Omit<VariablesOptions, 'strict'> = {},
): BootConfig {
  refuseUnknown(env)
  const flags = readFlags(args)
  const read = <Key extends keyof typeof BOOT_VARIABLES>(
    key: Key,
  ): z.output<(typeof BOOT_VARIABLES)[Key]['schema']> => {
    const { flag, schema } = BOOT_VARIABLES[key]
    const parsed = schema.safeParse(flags[flag] ?? (env[key] === '' ? undefined : env[key]))
    if (parsed.success) return parsed.data as never
    throw new LaresError('invalid', `${key} (--${flag}): ${parsed.error.issues[0]?.message ?? 'not valid'}.`)
  }
  const config = Object.freeze({
    ...readBootEnvironment(env, options),
    dataDir: resolve(read('LARES_DATA')),
    httpsPort: read('LARES_HTTPS_PORT'),
    httpPort: read('LARES_HTTP_PORT'),
    host: read('LARES_HOST'),
    name: read('LARES_NAME'),
    logLevel: read('LARES_LOG_LEVEL'),
    ffmpeg: read('LARES_FFMPEG'),
    model: read('LARES_MODEL'),
    hostSocket: read('LARES_HOST_SOCKET'),
    pushCa: read('LARES_PUSH_CA'),
  })
  refuseInTheClear(config)
  return config
}
