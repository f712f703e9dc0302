import { request, type Agent } from 'node:https'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { z } from 'zod'
import type { Route } from '../../appliance/src/http/index.ts'
import { NASTY_TEXTS, NASTY_VALUES, ODD_HEADERS, RAW_BODIES, SEGMENTS } from './hostile-texts.ts'
import { valuesOf, type JsonSchema, type Known } from './schema-values.ts'

/** Who sends it. `forged`: cookies, keys and tokens that somebody made up. */
export type Lane = 'administrator' | 'program' | 'nobody' | 'forged'

export interface HostileRequest {
  readonly method: string
  /** As it goes over the wire. */
  readonly path: string
  readonly lane: Lane
  readonly headers: Readonly<Record<string, string>>
  /** Latin-1: bytes, not characters. null: none. */
  readonly body: string | null
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1')
const json = (value: unknown): string => utf8(JSON.stringify(value) ?? '')

const nasty = fc.oneof(fc.constantFrom(...NASTY_TEXTS), fc.constantFrom(...NASTY_VALUES), fc.jsonValue({ maxDepth: 2 }))

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Puts `value` at one place somewhere inside; `where` decides which. */
function replaceSomewhere(target: unknown, where: readonly number[], value: unknown): unknown {
  const [first = 0, ...rest] = where
  if (!isFields(target) || Object.keys(target).length === 0) return value
  const keys = Object.keys(target)
  const key = keys[first % keys.length] as string
  const deeper = isFields(target[key]) && rest.length > 0 ? replaceSomewhere(target[key], rest, value) : value
  return { ...target, [key]: deeper }
}

const without = (target: unknown, where: number): unknown =>
  isFields(target)
    ? Object.fromEntries(Object.entries(target).filter((_, n, all) => n !== where % Math.max(1, all.length)))
    : []

const withMore = (target: unknown, key: string, value: unknown): unknown =>
  isFields(target) ? Object.fromEntries([...Object.entries(target), [key, value]]) : { [key]: value }

/** The last of two fields with one name wins in JSON: the first one must not have been looked at alone. */
const withTwice = (target: unknown, value: unknown): string => {
  const [first] = isFields(target) ? Object.entries(target) : []
  const text = json(target)
  return first ? `${text.slice(0, -1)},${json(first[0])}:${json(value) || 'null'}}` : text
}

function bodiesOf(schema: z.ZodType | undefined, known: Known): fc.Arbitrary<string | null> {
  const raw = fc.constantFrom(...RAW_BODIES)
  const anything = fc.jsonValue({ maxDepth: 3 }).map(json)
  if (!schema)
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: raw },
      { weight: 1, arbitrary: anything },
    )
  const valid = valuesOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, known)
  const where = fc.array(fc.nat(20), { minLength: 1, maxLength: 3 })
  const names = fc.constantFrom('__proto__', 'constructor', 'role', 'permissions', 'id', 'isAdmin', 'toString', '')
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(valid, where, nasty).map(([good, at, value]) => json(replaceSomewhere(good, at, value))),
    },
    { weight: 2, arbitrary: fc.tuple(valid, fc.nat(20)).map(([good, at]) => json(without(good, at))) },
    {
      weight: 2,
      arbitrary: fc.tuple(valid, names, nasty).map(([good, name, value]) => json(withMore(good, name, value))),
    },
    { weight: 2, arbitrary: fc.tuple(valid, nasty).map(([good, value]) => withTwice(good, value)) },
    { weight: 2, arbitrary: valid.map(json) },
    { weight: 3, arbitrary: raw },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.constant(null) },
  )
}

/** Each parameter of the path: something that is there, something like it, or something odd. */
function pathsOf({ path }: Route, known: Known): fc.Arbitrary<string> {
  const parts = path.split('/').map((part) => {
    if (!part.startsWith(':')) return fc.constant(part)
    const there = (known[part.slice(1)] ?? []).map((value) => encodeURIComponent(String(value)))
    return fc.oneof(
      { weight: 3, arbitrary: there.length > 0 ? fc.constantFrom(...there) : fc.uuid() },
      { weight: 1, arbitrary: fc.uuid() },
      { weight: 2, arbitrary: fc.constantFrom(...SEGMENTS) },
    )
  })
  return fc.tuple(...parts).map((all) => all.join('/'))
}

const queryValue = fc
  .oneof(nasty, fc.constantFrom('1', 'true', '2026-01-01'))
  .map((value) =>
    encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed()).slice(
      0,
      2_000,
    ),
  )
function queriesOf({ query }: Route): fc.Arbitrary<string> {
  const schema = query ? (z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }) as JsonSchema) : {}
  const names = [
    ...Object.keys(schema.properties ?? {}),
    'a',
    '__proto__',
    'api_key',
    'exp',
    'sig',
    '%00',
    'limit',
    '%',
  ]
  const pair = fc.tuple(fc.constantFrom(...names), queryValue).map(([name, value]) => `${name}=${value}`)
  const some = fc.array(pair, { maxLength: 3 }).map((pairs) => pairs.join('&'))
  // A parameter that is given twice.
  const twice = pair.map((one) => `${one}&${one}`)
  const text = fc.oneof({ weight: 6, arbitrary: some }, { weight: 1, arbitrary: twice })
  return fc.oneof(
    { weight: query ? 1 : 4, arbitrary: fc.constant('') },
    { weight: 2, arbitrary: text.map((pairs) => (pairs === '' ? '' : `?${pairs}`)) },
  )
}

const visible = (text: string): string =>
  text
    .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
    .trim()
    .slice(0, 4_000)
const headerText = fc
  .oneof(fc.string({ maxLength: 60, unit: 'binary-ascii' }), fc.constantFrom(...NASTY_TEXTS))
  .map(visible)
const NAMES_OF_HEADERS = [
  'user-agent',
  'x-lares-idle',
  'accept-language',
  'x-admin-api-key',
  'if-none-match',
  'range',
  'referer',
]
const headers = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_HEADERS).map(([name, value]) => ({ [name]: value })) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...NAMES_OF_HEADERS), headerText).map(([name, value]) => ({ [name]: value })),
  },
)

const COOKIES = ['__Host-lares', '__Secure-lares-refresh', '__Host-lares-device', '__proto__', '']
const token = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{16,80}$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{8,40}\.[A-Za-z0-9_-]{8,40}\.[A-Za-z0-9_-]{8,40}$/),
  headerText,
)
const forgedCookies = fc
  .array(fc.tuple(fc.constantFrom(...COOKIES), token), { minLength: 1, maxLength: 4 })
  .map((pairs) => ({ cookie: visible(pairs.map(([name, value]) => `${name}=${value}`).join('; ')) }))
const forgedKey = fc
  .oneof(token, fc.stringMatching(/^lares_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}$/))
  .map((key) => ({ 'x-api-key': key }))
const forged = fc.oneof(forgedCookies, forgedKey)

const lanes = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Lane>('administrator') },
  { weight: 2, arbitrary: fc.constant<Lane>('program') },
  { weight: 1, arbitrary: fc.constant<Lane>('nobody') },
  { weight: 2, arbitrary: fc.constant<Lane>('forged') },
)

/** Requests to one route that nobody would send who means well, and near misses of those that somebody would. */
export function requestsTo(route: Route, known: Known): fc.Arbitrary<HostileRequest> {
  const whole = { path: pathsOf(route, known), query: queriesOf(route), body: bodiesOf(route.body, known) }
  return fc.record({ ...whole, lane: lanes, headers, forged }).map(({ path, query, lane, ...rest }) => ({
    ...{ method: route.method, path: path + query, lane, body: rest.body },
    headers: {
      ...(rest.body === null ? {} : { 'content-type': 'application/json' }),
      ...rest.headers,
      ...(lane === 'forged' ? rest.forged : {}),
    },
  }))
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(body)
  return encoding === 'gzip' ? gunzipSync(body) : body
}

const PATIENCE_MS = 60_000

/** Bytes as they are. `status` 0: the connection ended without an answer. */
export function send(
  origin: string,
  agent: Agent,
  ask: HostileRequest,
  own: Record<string, string>,
): Promise<RawAnswer> {
  const { promise, resolve } = Promise.withResolvers<RawAnswer>()
  const silent = (): void => resolve({ status: 0, headers: {}, body: Buffer.alloc(0) })
  const { protocol, hostname, port } = new URL(origin)
  const payload = ask.body === null ? undefined : Buffer.from(ask.body, 'latin1')
  const length = payload ? { 'content-length': String(payload.length) } : {}
  const call = request(
    {
      ...{ protocol, hostname, port, agent, method: ask.method, path: ask.path, timeout: PATIENCE_MS },
      headers: { ...length, ...own, ...ask.headers },
    },
    (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('error', silent)
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          headers: reply.headers,
          body: unpacked(Buffer.concat(chunks), reply.headers['content-encoding']),
        }),
      )
    },
  )
  call.on('error', silent)
  call.on('timeout', () => call.destroy())
  call.end(payload)
  return promise
}
