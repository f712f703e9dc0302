import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { errorBody } from '../api/errors.ts'
import { route, type Route } from './route.ts'

const ERROR = { description: 'Any error.', content: { 'application/json': { schema: errorBody } } }

const toTemplate = (path: string): string => path.replace(/:([a-zA-Z]+)/g, '{$1}')

function operationId({ method, path }: Route): string {
  const words = path.slice('/api/'.length).split(/[/.-]+/)
  const name = words.map((word) =>
    word.replace(':', 'by-').replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
  )
  return method.toLowerCase() + name.join('')
}

function operation(declared: Route): ZodOpenApiOperationObject {
  const isOpen = ['public', 'setup', 'sign-in', 'signed-link'].includes(declared.needs)
  const content =
    declared.reply === 'bytes'
      ? { '*/*': { schema: z.string().meta({ format: 'binary' }) } }
      : { 'application/json': { schema: declared.reply } }
  return {
    operationId: operationId(declared),
    summary: declared.summary,
    tags: [declared.path.split('/')[2] ?? 'other'],
    security: isOpen ? [] : [{ session: [] }],
    requestParams: {
      ...(declared.params ? { path: declared.params as z.ZodObject } : {}),
      ...(declared.query ? { query: declared.query as z.ZodObject } : {}),
    },
    ...(declared.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: declared.body } } } }
      : {}),
    responses: { '200': { description: 'Done.', content }, default: ERROR },
    'x-lares-needs': declared.needs,
    'x-lares-limit': declared.limit,
  } as ZodOpenApiOperationObject
}

/** The OpenAPI 3.1 document of the given routes. Pure: the reference in docs/ is made from it too. */
export function createApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const declared of [...routes].sort((a, b) => a.path.localeCompare(b.path)))
    (paths[toTemplate(declared.path)] ??= {})[declared.method.toLowerCase()] = operation(declared)
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Lares',
      version,
      description: 'The API of a Lares box. Each operation names the permission it needs and its rate-limit tier.',
    },
    paths: paths as ZodOpenApiPathsObject,
    components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-lares' } } },
  })
}

/** GET /api/openapi.json, itself included. */
export function openApiRoute(routes: readonly Route[], version: string): Route {
  let document: object | null = null
  const own: Route = route({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This document.',
    needs: 'signed-in',
    limit: 'general',
    reply: z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument' }),
    run: async () => (document ??= createApiDocument([...routes, own], version)) as Record<string, unknown>,
  })
  return own
}
