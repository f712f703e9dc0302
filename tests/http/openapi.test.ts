import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { LaresError, type ErrorKind } from '../../appliance/src/core/errors.ts'
import { ERROR_CODES } from '../../appliance/src/http/error-codes.ts'
import { statusOf } from '../../appliance/src/http/errors.ts'
import { createApiDocument, route, type Needs, type Route } from '../../appliance/src/http/index.ts'
import { readRoutes } from '../../scripts/reference/read-code.ts'

interface Operation {
  operationId: string
  parameters?: { name: string; in: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { $ref?: string; description?: string; content?: Record<string, { schema: object }> }>
  security: Record<string, string[]>[]
  'x-lares-needs': string
  'x-lares-sudo': boolean
  'x-lares-limit': { tier: string; anonymous: { requests: number; perSeconds: number; burst: number } }
}

interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, object>>
}

const sourceRoot = fileURLToPath(new URL('../../appliance/src', import.meta.url))

/** Everything between `new LaresError(` and its closing bracket, in one source text. */
function thrownIn(text: string): string[] {
  return [...text.matchAll(/new LaresError\(/g)].map(({ index, 0: opening }) => {
    const start = index + opening.length
    let [depth, quote, at] = [1, '', start]
    for (; depth > 0 && at < text.length; at++) {
      const sign = text[at] ?? ''
      if (quote !== '') {
        if (sign === '\\') at++
        else if (sign === quote) quote = ''
      } else if (`'"\``.includes(sign)) quote = sign
      else if (sign === '(') depth++
      else if (sign === ')') depth--
    }
    return text.slice(start, at - 1)
  })
}

/** What only stops a start, a command line or an order of a certificate, and never goes out over HTTP. */
const NOT_OVER_HTTP =
  /^(cli\/|boot-|core\/(data-folder|variables|web-call)|incidents\/risk\/language|db\/(instance-lock|migrate)|settings\/from-environment|http\/listen|tls\/(certificate-folder|local-ca\/certificate-files|clients\/other-authorities|acme\/(client|files|issue|problems|prove|dns\/))|accounts\/(\w+\/)?import|vision\/(backends|open-model|models\/build-default)|cameras\/ftp\/server|main|serve|open-home)/

describe('error codes', () => {
  test('SEC-A9 every code that a route can answer is in the document, under its status', () => {
    const missing: string[] = []
    let seen = 0
    for (const file of globSync('**/*.ts', { cwd: sourceRoot })) {
      if (NOT_OVER_HTTP.test(file)) continue
      for (const thrown of thrownIn(readFileSync(join(sourceRoot, file), 'utf8'))) {
        const kind = /^\s*'([a-z-]+)'/.exec(thrown)?.[1] as ErrorKind | undefined
        const code = /[{,]\s*code: '([A-Z0-9_]+)'/.exec(thrown)?.[1]
        // A code that is computed is seen where it is written.
        if (!kind || kind === 'internal' || (!code && /[{,]\s*code\b/.test(thrown))) continue
        seen += 1
        const known = code ?? new LaresError(kind, '').code
        const status = statusOf(kind, known)
        if (!ERROR_CODES[status]?.includes(known)) missing.push(`${status} ${known} (${file})`)
      }
    }
    assert.ok(seen > 100, `only ${seen} errors found`)
    assert.deepEqual(missing, [])
  })

  test('each code is said once for each status', () => {
    for (const [status, codes] of Object.entries(ERROR_CODES)) assert.equal(new Set(codes).size, codes.length, status)
  })
})

/** All `$ref` of a document. */
function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => (key === '$ref' ? [String(each)] : refsIn(each)))
}

const resolve = (document: unknown, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)

const example = (needs: Needs, more: Partial<Route> = {}): Route =>
  ({
    ...route({
      ...({ method: 'POST', path: '/api/a/:id', summary: 'x', needs, limit: 'general' } as const),
      params: z.strictObject({ id: z.uuid() }),
      reply: z.strictObject({ ok: z.literal(true) }),
      run: async () => ({ ok: true as const }),
    }),
    ...more,
  }) as Route

const only = (declared: Route): Operation =>
  Object.values(Object.values((createApiDocument([declared], '1') as Document).paths)[0] ?? {})[0] as Operation

describe('the document of the whole product', () => {
  const read = async (): Promise<{ routes: readonly Route[]; document: Document }> => {
    const routes = await readRoutes()
    return { routes, document: createApiDocument(routes, '1.2.3') as Document }
  }

  test('SEC-A10 has every route with permission, sudo, limit and security', async () => {
    const { routes, document } = await read()
    assert.ok(routes.length > 50)
    for (const { method, path, needs, sudo, limit } of routes) {
      const operation = document.paths[path.replace(/:([a-zA-Z]+)/g, '{$1}')]?.[method.toLowerCase()]
      assert.ok(operation, `${method} ${path}`)
      assert.deepEqual([operation['x-lares-needs'], operation['x-lares-sudo']], [needs, sudo])
      assert.equal(operation['x-lares-limit'].tier, limit)
      assert.ok(operation['x-lares-limit'].anonymous.requests > 0)
    }
  })

  test('is OpenAPI 3.1 in its structure: unique names, answered references, described parameters and responses', async () => {
    const { document } = await read()
    assert.match(document.openapi, /^3\.1\.\d+$/)
    for (const ref of refsIn(document)) assert.ok(resolve(document, ref), ref)
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
    for (const { path, method, operation } of operations) {
      const name = `${method} ${path}`
      assert.match(method, /^(get|put|post|patch|delete)$/)
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, found]) => found)
      const declared = (operation.parameters ?? []).filter(({ in: place }) => place === 'path')
      assert.deepEqual(declared.map((one) => one.name).sort(), inPath.sort(), name)
      assert.ok(
        declared.every(({ required }) => required === true),
        name,
      )
      for (const [status, response] of Object.entries(operation.responses)) {
        assert.match(status, /^[2-5]\d\d$/, name)
        assert.ok(response.$ref ?? response.description, `${name} ${status}`)
      }
      for (const scheme of operation.security.flatMap((one) => Object.keys(one)))
        assert.ok(document.components.securitySchemes?.[scheme], `${name} ${scheme}`)
      if (method === 'get') assert.equal(operation.requestBody, undefined, name)
    }
  })

  test('has schemas that a validator of JSON Schema 2020-12 takes, each with all that it refers to', async () => {
    const { document } = await read()
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ ...document, $id: 'https://lares.local/api/openapi.json' })
    const names = Object.keys(document.components.schemas ?? {})
    assert.ok(names.length > 50)
    for (const name of names)
      ajv.compile({ $ref: `https://lares.local/api/openapi.json#/components/schemas/${encodeURIComponent(name)}` })
    for (const methods of Object.values(document.paths))
      for (const { responses } of Object.values(methods))
        for (const { content } of Object.values(responses))
          for (const { schema } of Object.values(content ?? {})) assert.ok(ajv.validateSchema(schema))
  })
})

describe('what an operation says about who may call', () => {
  test('SEC-A11 a key is offered where a key works', () => {
    assert.deepEqual(only(example('cameras.view')).security, [{ session: [] }, { apiKey: [] }])
    assert.deepEqual(only(example('cameras.view', { sudo: true })).security, [{ session: [] }])
    assert.deepEqual(only(example('session')).security, [{ session: [] }])
    assert.deepEqual(only(example('admin-key')).security, [{ adminKey: [] }])
    assert.deepEqual(only(example('public')).security, [])
    const { 'x-codeSamples': samples } = only(
      example('incidents.view', { method: 'GET', path: '/api/incidents' }),
    ) as never as {
      'x-codeSamples': { source: string }[]
    }
    assert.equal(samples[0]?.source, `curl -H 'X-API-Key: lares_…' https://lares.local:8443/api/incidents`)
  })

  test('SEC-A9 the errors that can come are those that its declaration allows', () => {
    const statuses = (declared: Route): string[] => Object.keys(only(declared).responses).filter((one) => one >= '400')
    assert.deepEqual(statuses(example('public', { method: 'GET', params: undefined, path: '/api/a' })), [
      ...['400', '403', '408', '413', '415', '421', '429', '431', '500'],
    ])
    assert.deepEqual(statuses(example('users.edit')), [
      ...['400', '401', '403', '404', '408', '409', '413', '415', '421', '422', '429', '431', '500', '503', '504'],
    ])
    const link = example('signed-link', { method: 'GET', reply: 'bytes' })
    assert.ok(statuses(link).includes('403') && !statuses(link).includes('401'))
    assert.deepEqual(
      only(link)
        .parameters?.filter((one) => one.in === 'query')
        .map((one) => one.name),
      ['exp', 'sig'],
    )
  })
})
