import { z } from 'zod'
import { createDocument, type ZodOpenApiObject, type ZodOpenApiOperationObject } from 'zod-openapi'
import { SESSION_COOKIE } from './cookies.ts'
import { errorResponses, errorsOf } from './openapi-errors.ts'
import { limitBudgets, type Budget, type LimitTable } from './rate-budgets.ts'
import { route, type Route } from './route.ts'

const toTemplate = (path: string): string => path.replace(/:([a-zA-Z]+)/g, '{$1}')

function operationId({ method, path }: Route): string {
  const words = path.slice('/api/'.length).split(/[/.-]+/)
  const name = words.map((word) =>
    word.replace(':', 'by-').replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
  )
  return method.toLowerCase() + name.join('')
}

const OPEN: ReadonlySet<string> = new Set(['public', 'setup', 'sign-in', 'signed-link'])

/** Ways to say who asks, each enough by itself; none where nobody needs to be known. */
function securityOf({ needs, sudo }: Route): Record<string, string[]>[] {
  if (OPEN.has(needs)) return []
  if (needs === 'admin-key') return [{ adminKey: [] }]
  return needs === 'session' || sudo ? [{ session: [] }] : [{ session: [] }, { apiKey: [] }]
}

const SECURITY_SCHEMES = {
  session: {
    ...{ type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
    description: 'Access token of a signed-in person: 30 minutes, renewed by POST /api/session/refresh.',
  },
  apiKey: {
    ...{ type: 'apiKey', in: 'header', name: 'X-API-Key' },
    description:
      'Key of a program, made in the app under People. Never in an address. Not for what needs `session` or sudo.',
  },
  adminKey: {
    ...{ type: 'apiKey', in: 'header', name: 'X-Admin-API-Key' },
    description: 'ADMIN_API_KEY of the box, where admin endpoints are switched on.',
  },
} as const

const number = { type: 'integer', minimum: 0 }
const HEADERS = {
  'RateLimit-Limit': { description: 'Requests in a window.', schema: number },
  'RateLimit-Remaining': { description: 'What is left of them; the burst may still let some through.', schema: number },
  'RateLimit-Reset': { description: 'Seconds until the window ends.', schema: number },
  'RateLimit-Policy': { description: 'The budget in one text, like `60;w=60;burst=10`.', schema: { type: 'string' } },
}
const limitHeaders = Object.fromEntries(
  Object.keys(HEADERS).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
)

const linkQuery = z.object({
  exp: z.string().describe('Until when the link is good.'),
  sig: z.string().describe('Signature of the link.'),
})

function queryOf({ needs, query }: Route): z.ZodObject | undefined {
  const own = query as z.ZodObject | undefined
  return needs === 'signed-link' ? (own ? own.extend(linkQuery.shape) : linkQuery) : own
}

function successOf({ reply }: Route): Record<`${number}`, object> {
  const headers = limitHeaders
  if (reply !== 'bytes')
    return { '200': { description: 'Done.', headers, content: { 'application/json': { schema: reply } } } }
  const content = { '*/*': { schema: z.string().meta({ format: 'binary' }) } }
  return {
    '200': { description: 'The whole file.', headers, content },
    '206': { description: 'The part of it that `Range` asked for.', headers, content },
    '304': { description: 'The copy that the client has is still right.', headers },
  }
}

const plainBudget = ({ count, perS, burst }: Budget): object => ({ requests: count, perSeconds: perS, burst })

function limitOf({ limit }: Route, limits: LimitTable): object {
  const { anonymous, signedIn } = limits[limit]
  return { tier: limit, anonymous: plainBudget(anonymous), signedIn: plainBudget(signedIn) }
}

/** What a person types to try it, where a key is enough. */
function curlOf({ method, path, body, needs, sudo }: Route): object | undefined {
  if (OPEN.has(needs) || needs === 'session' || needs === 'admin-key' || sudo) return undefined
  const words = [
    `curl -H 'X-API-Key: lares_…'`,
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...(body ? [`-H 'Content-Type: application/json' -d '{…}'`] : []),
    `https://lares.local:8443${toTemplate(path)}`,
  ]
  return { lang: 'Shell', label: 'curl', source: words.join(' ') }
}

function operation(declared: Route, limits: LimitTable): ZodOpenApiOperationObject {
  const query = queryOf(declared)
  const curl = curlOf(declared)
  return {
    operationId: operationId(declared),
    summary: declared.summary,
    tags: [declared.path.split('/')[2] ?? 'other'],
    security: securityOf(declared),
    requestParams: {
      ...(declared.params ? { path: declared.params as z.ZodObject } : {}),
      ...(query ? { query } : {}),
    },
    ...(declared.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: declared.body } } } }
      : {}),
    responses: { ...successOf(declared), ...errorsOf(declared) },
    'x-lares-needs': declared.needs,
    'x-lares-sudo': declared.sudo,
    'x-lares-limit': limitOf(declared, limits),
    'x-lares-largest-body-bytes': declared.maxBodyBytes,
    ...(curl ? { 'x-codeSamples': [curl] } : {}),
  } as ZodOpenApiOperationObject
}

const ABOUT = [
  'The API of a Lares box. Each operation names the permission it needs (`x-lares-needs`), whether a fresh second factor',
  'is asked for (`x-lares-sudo`) and its budget (`x-lares-limit`). Every error has the same body; the responses among the',
  'components list the codes that come with each status.',
].join(' ')

/** The OpenAPI 3.1 document of the given routes. Pure: the reference in docs/ is made from it too. */
export function createApiDocument(
  routes: readonly Route[],
  version: string,
  limits: LimitTable = limitBudgets().tiers,
): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const declared of [...routes].sort((a, b) => a.path.localeCompare(b.path)))
    (paths[toTemplate(declared.path)] ??= {})[declared.method.toLowerCase()] = operation(declared, limits)
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Lares', version, description: ABOUT },
    servers: [{ url: '/', description: 'This box.' }],
    paths,
    components: { securitySchemes: SECURITY_SCHEMES, responses: errorResponses, headers: HEADERS },
  } as ZodOpenApiObject)
}

/** GET /api/openapi.json, itself included. `limits`: the budgets as they are now. */
export function openApiRoute(routes: readonly Route[], version: string, limits: () => LimitTable): Route {
  let made: { limits: LimitTable; document: object } | null = null
  const own: Route = route({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This document.',
    needs: 'signed-in',
    limit: 'general',
    reply: z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument' }),
    async run() {
      const now = limits()
      if (made?.limits !== now) made = { limits: now, document: createApiDocument([...routes, own], version, now) }
      return made.document as Record<string, unknown>
    },
  })
  return own
}
