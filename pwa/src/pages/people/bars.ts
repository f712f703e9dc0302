// Why an account cannot be changed by the one who looks at it. The box decides; this only spares a refusal. Pure.
import type { Person } from '../../wire-people.ts'

type Own = Pick<Person, 'id' | 'permissions' | 'cameras'>

export type PersonBar = 'view-only' | 'yourself' | 'beyond' | 'last-admin' | null

export function barsTo(person: Person, all: readonly Person[], own: Own | null): PersonBar {
  if (!own?.permissions.includes('users.edit')) return 'view-only'
  if (person.id === own.id) return 'yourself'
  if (!isWithin(person, own)) return 'beyond'
  return isLastAdmin(person, all) ? 'last-admin' : null
}

type Access = Pick<Person, 'permissions' | 'cameras'>

/** Does `inner` hold nothing that `outer` does not? */
function isWithin(inner: Access, outer: Access): boolean {
  if (!inner.permissions.every((each) => outer.permissions.includes(each))) return false
  const seen = outer.cameras
  return seen === null || (inner.cameras !== null && inner.cameras.every((id) => seen.includes(id)))
}

/** The last of those of whom one must remain: an administrator who sees everything. */
export function isLastAdmin(person: Person, all: readonly Person[]): boolean {
  const isMainstay = ({ role, active, cameras }: Person) => role === 'admin' && active && cameras === null
  return isMainstay(person) && all.filter(isMainstay).length === 1
}

/** What is left to do, given the bar. */
export function allowed(bar: PersonBar) {
  const mostly = bar === null || bar === 'last-admin'
  return {
    rename: mostly || bar === 'yourself',
    changeRole: bar === null,
    changeCameras: bar === null,
    lookAfter: mostly,
  }
}
