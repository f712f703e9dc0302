// The generated pages of docs/reference.
import type { z } from 'zod'
import { GENERATED, allowed, code, table } from './markdown.ts'
import {
  type FoundRoute,
  readBootVariables,
  readEnvironmentVariables,
  readEvents,
  readRoutes,
  readSettings,
} from './read-code.ts'
import { permissionsPage } from './permissions.ts'
import { securityRowsPage } from './security-rows.ts'

export async function makePages(): Promise<Record<string, string>> {
  return {
    'settings.md': await settingsPage(),
    'events.md': eventsPage(),
    'api.md': await apiPage(),
    'permissions.md': await permissionsPage(),
    'security-rows.md': securityRowsPage(),
  }
}

function bootRows(): string[][] {
  return readBootVariables().map(({ name, flag, schema, words }) => {
    const initial = schema.safeParse(undefined).data
    return [
      code(name),
      code(`--${flag}`),
      words,
      initial === undefined ? 'none' : code(typeof initial === 'string' ? initial : JSON.stringify(initial)),
      allowed(schema),
    ]
  })
}

async function settingRows(): Promise<string[][]> {
  const settings = (await readSettings()).sort((a, b) => a.key.localeCompare(b.key))
  return settings.map(({ key, words, initial, schema, secret, env, envAlias, internal }) => [
    code(key),
    words,
    secret ? 'kept secret' : code(JSON.stringify(initial)),
    allowed(schema),
    [env, envAlias]
      .filter((name) => name !== undefined)
      .flatMap((name) => (secret ? [code(name), code(`${name}_FILE`)] : [code(name)]))
      .join(', '),
    internal ? 'the box itself' : 'More → Settings',
  ])
}

async function settingsPage(): Promise<string> {
  const variableRows = readEnvironmentVariables().map(({ name, words, initial, allowed, secret }) => [
    code(name) + (secret ? `, ${code(`${name}_FILE`)}` : ''),
    words,
    initial,
    allowed,
  ])
  return [
    '# Settings',
    GENERATED,
    '## Before the start',
    'The few values that are needed before the database opens: in the environment, or on the command line, which wins. An unknown or misspelt one stops the start.',
    table(['variable', 'option', 'what', 'when left out', 'allowed'], bootRows()),
    'These have no option, and other programs may know their names too. A value that cannot be stops the start with one sentence.',
    table(['variable', 'what', 'when left out', 'allowed'], variableRows),
    'Where `NAME_FILE` is given, the value is read from the file of that name (Docker secrets, systemd credentials). A file that is not there stops the start; one that everybody on the machine may read is refused in production and warned about elsewhere.',
    '## In the database',
    'Everything else. Where a setting has a variable and that is set at the start, the variable decides: the app shows it and cannot change it. Numbers are written as digits, yes and no as `true` and `false`, lists as JSON.',
    table(['setting', 'what', 'at first', 'allowed', 'variable', 'changed by'], await settingRows()),
    '',
  ].join('\n\n')
}

function eventsPage(): string {
  const rows = readEvents().map(({ name, payload, words, permission }) => [
    code(name),
    words,
    code(payload),
    permission ? code(permission) : 'stays in the server',
  ])
  return [
    '# Events',
    GENERATED,
    'Every fact that travels on the bus, after it was committed. Those with a permission also reach the app over `/api/stream`, in the shape that `appliance/src/api/stream.ts` gives them.',
    table(['event', 'when', 'payload', 'seen in the app with'], rows),
    '',
  ].join('\n\n')
}

async function apiPage(): Promise<string> {
  const routes = await readRoutes()
  const features = [...new Set(routes.map(({ feature }) => feature))]
  const sections = features.flatMap((feature) => [
    `## ${feature}`,
    table(
      ['call', 'what', 'who may', 'takes', 'gives', 'how often'],
      routes.filter((route) => route.feature === feature).map(routeRow),
    ),
  ])
  return [
    '# API',
    GENERATED,
    'Every call that the server answers, over HTTPS. The running box describes the same with all fields as OpenAPI 3.1 at `/api/openapi.json`. "Who may" names a permission, or: `public` anybody, `setup` only before there is an administrator, `sign-in` anybody once there is one, `signed-in` any account, `signed-link` whoever holds an unexpired signed address.',
    ...sections,
    '',
  ].join('\n\n')
}

function routeRow({ method, path, summary, needs, limit, query, body, reply }: FoundRoute): string[] {
  const takes = [query && `query: ${fieldsOf(query)}`, body && nameOf(body)].filter(Boolean).join('; ')
  return [
    code(`${method} ${path}`),
    summary,
    code(needs),
    takes,
    reply === 'bytes' ? 'bytes' : nameOf(reply),
    code(limit),
  ]
}

const nameOf = (schema: z.ZodType): string => schema.meta()?.id ?? fieldsOf(schema)

function fieldsOf(schema: z.ZodType): string {
  const fields = Object.keys((schema as Partial<z.ZodObject>).shape ?? {})
  return fields.length > 0 ? fields.map(code).join(', ') : 'see OpenAPI'
}
