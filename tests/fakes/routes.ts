import type { z } from 'zod'
import { PERMISSIONS, type Permission } from '../../appliance/src/api/permissions.ts'
import type { Principal, RequestContext, Route } from '../../appliance/src/http/route.ts'

export function fakePrincipal(userId: string, permissions: readonly Permission[] = PERMISSIONS): Principal {
  return {
    ...{ kind: 'session', userId, username: userId, role: 'admin', sessionId: `session-${userId}` },
    ...{ permissions: new Set(permissions), cameras: null, freshUntil: Number.MAX_SAFE_INTEGER },
  }
}

export interface RouteCall {
  body?: unknown
  query?: unknown
  principal?: Principal | null
  userAgent?: string
}

/**
 * Calls a declared route as the server does: input checked by its schemas before, reply by its schema after. `path` is
 * the address with its parameters filled in. For tests of a feature alone; the gate has tests of its own.
 */
export async function callRoute<T>(
  routes: readonly Route[],
  method: string,
  path: string,
  call: RouteCall = {},
): Promise<T> {
  // Fixed names before parameters, as the server does it.
  for (const route of routes.toSorted((a, b) => parametersIn(a) - parametersIn(b))) {
    const params = route.method === method ? match(route.path, path) : null
    if (params === null) continue
    const input = {
      params: route.params?.parse(params) as never,
      query: route.query?.parse(call.query ?? {}) as never,
      body: route.body?.parse(call.body) as never,
      request: fakeRequest(call),
    }
    const answer = await route.run(input)
    return (route.reply === 'bytes' ? answer : (route.reply as z.ZodType).parse(answer)) as T
  }
  throw new Error(`No route ${method} ${path}`)
}

const parametersIn = ({ path }: Route): number => path.split('/:').length

function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = given[index] ?? ''
    else if (part !== given[index]) return null
  }
  return params
}

function fakeRequest(call: RouteCall): RequestContext {
  return {
    principal: call.principal === undefined ? fakePrincipal('ada') : call.principal,
    address: '127.0.0.1',
    userAgent: call.userAgent ?? 'test',
    origin: 'https://lares.local:8443',
    signal: new AbortController().signal,
    credentials: { accessToken: null, refreshToken: null, deviceToken: null, apiKey: null },
    isActivity: true,
    setTokens: () => undefined,
    clearTokens: () => undefined,
  }
}
