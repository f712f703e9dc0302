import { PERMISSIONS } from '../api/permissions.ts'
import { LaresError } from '../core/errors.ts'
import type { Route } from './route.ts'

type Method = Route['method']
export type Params = Readonly<Record<string, string>>

export interface RouteTable {
  /**
   * The route for a method (HEAD asks as GET) and a raw path. Throws `not-found`, or `invalid` METHOD_NOT_ALLOWED
   * with the allowed methods in `details.allow`.
   */
  find(method: string, path: string): { route: Route; params: Params }
}

interface Entry {
  segments: readonly string[]
  methods: Map<Method, Route>
}

const OTHER_NEEDS = ['public', 'setup', 'sign-in', 'session', 'signed-in', 'signed-link', 'admin-key']
const KNOWN_NEEDS: ReadonlySet<string> = new Set([...PERMISSIONS, ...OTHER_NEEDS])
const PATH = /^\/api(\/(:[a-zA-Z]+|[a-z0-9._-]+))+$/

function checkDeclaration(route: Route): void {
  const name = `${route.method} ${route.path}`
  // Routes written in plain JavaScript or cast past the types end here: deny by default (SEC-A10).
  if (!route.needs) throw new LaresError('internal', `The route ${name} does not say who may call it.`)
  if (!KNOWN_NEEDS.has(route.needs))
    throw new LaresError('internal', `The route ${name} needs ${route.needs}, which is unknown.`)
  if (route.sudo && ['public', 'setup', 'sign-in', 'signed-link', 'admin-key'].includes(route.needs))
    throw new LaresError('internal', `The route ${name} asks for a fresh second factor, but for no account.`)
  if (!PATH.test(route.path)) throw new LaresError('internal', `The route ${name} has a path that cannot be served.`)
}

const shapeOf = (path: string): string => path.replace(/:[^/]+/g, ':')

/** Decodes one path segment; a separator, a dot segment or a control character inside it is no name of anything. */
function decodeSegment(segment: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(segment)
  } catch (cause) {
    throw new LaresError('invalid', 'This address is not written correctly.', { code: 'BAD_PATH', cause })
  }
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[/\\\u0000-\u001f\u007f]/.test(decoded) || decoded === '..' || decoded === '.')
    throw new LaresError('invalid', 'This address is not written correctly.', { code: 'BAD_PATH' })
  return decoded
}

/** Segments of a raw path, decoded and safe to use as names. Throws `invalid` BAD_PATH. */
export function splitPath(path: string): string[] {
  return path.split('/').slice(1).map(decodeSegment)
}

function match(entry: Entry, segments: readonly string[]): Params | null {
  if (entry.segments.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [index, expected] of entry.segments.entries()) {
    const actual = segments[index] ?? ''
    if (!expected.startsWith(':')) {
      if (expected !== actual) return null
    } else if (actual === '') return null
    else params[expected.slice(1)] = actual
  }
  return params
}

const parametersIn = (entry: Entry): number => entry.segments.filter((segment) => segment.startsWith(':')).length

/** Throws `internal` when a declaration lacks its permission, names an unknown one, or clashes with another. */
export function createRouteTable(routes: readonly Route[]): RouteTable {
  const entries = new Map<string, Entry>()
  for (const route of routes) {
    checkDeclaration(route)
    const entry = entries.get(shapeOf(route.path)) ?? { segments: route.path.split('/').slice(1), methods: new Map() }
    if (entry.methods.has(route.method))
      throw new LaresError('internal', `The route ${route.method} ${route.path} is declared twice.`)
    entries.set(shapeOf(route.path), { ...entry, methods: entry.methods.set(route.method, route) })
  }
  // Fixed names before parameters: /api/plugs/discover is not the plug called "discover".
  const ordered = [...entries.values()].sort((a, b) => parametersIn(a) - parametersIn(b))

  return {
    find(method, path) {
      const segments = splitPath(path)
      const hits = ordered.flatMap((entry) => {
        const params = match(entry, segments)
        return params ? [{ entry, params }] : []
      })
      const asked = (method === 'HEAD' ? 'GET' : method) as Method
      for (const { entry, params } of hits) {
        const route = entry.methods.get(asked)
        // The names of the parameters are those of this very route.
        if (route)
          return { route, params: match({ ...entry, segments: route.path.split('/').slice(1) }, segments) ?? params }
      }
      if (hits.length === 0) throw new LaresError('not-found', 'There is nothing at this address.')
      const allow = hits.flatMap(({ entry }) => [...entry.methods.keys()])
      if (allow.includes('GET')) allow.push('HEAD' as never)
      throw new LaresError('invalid', `This address does not take ${method}.`, {
        code: 'METHOD_NOT_ALLOWED',
        details: { allow: [...new Set<string>(allow)] },
      })
    },
  }
}
