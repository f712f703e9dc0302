// Who may call which route: the table of docs/reference/permissions.md, and what the matrix test holds the product to.
import { ROLE_PERMISSIONS, ROLES } from '../../appliance/src/api/permissions.ts'
import type { Route } from '../../appliance/src/http/route.ts'
import { code, GENERATED, table } from './markdown.ts'
import { readRoutes } from './read-code.ts'

/** Nobody, a program with every scope, or somebody of a role. */
export const ASKERS = [...ROLES, 'API key', 'nobody'] as const
export type Asker = (typeof ASKERS)[number]

/** `confirm`: after a second factor that is not older than five minutes. */
export type Access = 'yes' | 'confirm' | 'no'

type Guarded = Pick<Route, 'needs' | 'sudo'>

/** In a home that is set up. Routes for the time before, for signed links and for the admin key let nobody in by role. */
export function accessOf({ needs, sudo }: Guarded, asker: Asker): Access {
  if (needs === 'public' || needs === 'sign-in') return 'yes'
  if (needs === 'setup' || needs === 'signed-link' || needs === 'admin-key') return 'no'
  if (asker === 'nobody') return 'no'
  if (asker === 'API key') return sudo || needs === 'session' ? 'no' : 'yes'
  const isAllowed =
    needs === 'session' || needs === 'signed-in' || ROLE_PERMISSIONS[asker].some((permission) => permission === needs)
  if (!isAllowed) return 'no'
  return sudo ? 'confirm' : 'yes'
}

const INTRODUCTION = [
  'Every call, and who may make it in a home that is set up. "confirm": after a second factor that is not older than five minutes. "API key" is a key with every scope; a key never does what has to be confirmed, and never acts as a person. Roles made in the app hold any choice of the permissions in the second column.',
  'Beyond this table: `signed-link` calls open for whoever holds an unexpired signed address, `admin-key` calls for the key of [admin endpoints](../guide/api-keys.md), `setup` calls until there is an administrator. Somebody with a choice of cameras gets 404 for everything of another one. A test asks the running product every one of these questions.',
]

export async function permissionsPage(): Promise<string> {
  const routes = [...(await readRoutes())].sort(
    (a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method),
  )
  const rows = routes.map((route) => [
    code(`${route.method} ${route.path}`),
    code(route.needs),
    ...ASKERS.map((asker) => accessOf(route, asker).replace('no', '–')),
  ])
  return ['# Who may do what', GENERATED, ...INTRODUCTION, table(['call', 'needs', ...ASKERS], rows), ''].join('\n\n')
}
