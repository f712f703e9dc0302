// The generated pages of docs/reference.
import type { z } from 'zod'
import { GENERATED, allowed, code, table } from './markdown.ts'
import { type FoundRoute, readBootVariables, readEvents, readRoutes, readSettings } from './read-code.ts'

export async function makePages(): Promise<Record<string, string>> {
  return { 'settings.md': await settingsPage(), 'events.md': eventsPage(), 'api.md': await apiPage() }
}

async function settingsPage(): Promise<string> {
  const variables = readBootVariables()
  const settings = (await readSettings()).sort((a, b) => a.key.localeCompare(b.key))
  const variableRows = variables.map(({ name, flag, schema, words }) => {
    const initial = schema.safeParse(undefined).data
    return [
      code(name),
      code(`--${flag}`),
      words,
      initial === undefined ? 'none' : code(typeof initial === 'string' ? initial : JSON.stringify(initial)),
      allowed(schema),
    ]
  })
  const settingRows = settings.map(({ key, words, initial, schema, secret }) => [
    code(key),
    words,
    secret ? 'kept secret' : code(JSON.stringify(initial)),
    allowed(schema),
  ])
  return [
    '# Settings',
    GENERATED,
    '## Before the start',
    'The few values that are needed before the database opens: in the environment, or on the command line, which wins. An unknown or misspelt one stops the start.',
    table(['variable', 'option', 'what', 'when left out', 'allowed'], variableRows),
    '## In the database',
    'Everything else. The app changes what begins with `home.` under More → Home; `lares models use` changes `vision.model`. The others have no page yet: the first value holds, or what the box wrote itself.',
    table(['setting', 'what', 'at first', 'allowed'], settingRows),
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
