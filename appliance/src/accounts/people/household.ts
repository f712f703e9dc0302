import type { Person } from '../../api/people.ts'
import type { Bus } from '../../core/bus.ts'
import type { Events } from '../../events.ts'
import type { Route } from '../../http/route.ts'
import { homeName } from '../../settings/index.ts'
import type { Settings } from '../../settings/types.ts'
import { createImport } from './import.ts'
import { createInvitations, type InvitationsDeps } from './invitations.ts'
import { createPeople } from './people.ts'
import { peopleRoutes } from './people-routes.ts'
import { createRoles } from './roles.ts'

interface Deps extends Omit<InvitationsDeps, 'announceChange' | 'homeName'> {
  bus: Bus<Events>
  settings: Settings
}

export interface Household {
  readonly routes: readonly Route[]
  listPeople(): Promise<Person[]>
  /** All or none; returns how many. */
  importUsers(users: unknown): Promise<number>
}

/** Everything about the accounts of others: people, roles, invitations, import. */
export function createHousehold(given: Deps): Household {
  const deps = {
    ...given,
    announceChange: (userId: string): void => given.bus.emit('account.changed', { userId }),
    homeName: (): string => given.settings.get(homeName),
  }
  const parts = { people: createPeople(deps), roles: createRoles(deps), invitations: createInvitations(deps) }
  return { routes: peopleRoutes(parts), listPeople: () => parts.people.list(), importUsers: createImport(deps) }
}
