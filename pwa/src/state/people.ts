// People, roles and invitations: read when a page needs them. The stream does not carry them.
import * as client from '../client-people.ts'
import type { Permission } from '../wire.ts'
import type { Person, RoleOfHome } from '../wire-people.ts'
import { createResource } from './resource.ts'
import { me } from './session.ts'

export const people = createResource(async () => (await client.readPeople()).people)
export const roles = createResource(async () => (await client.readRoles()).roles)
export const invitations = createResource(async () => (await client.readInvitations()).invitations)

export function keepPerson(person: Person): void {
  people.patch((list) => list.map((each) => (each.id === person.id ? person : each)))
}

export function forgetPerson(id: string): void {
  people.patch((list) => list.filter((each) => each.id !== id))
}

export function keepRole(role: RoleOfHome): void {
  roles.patch((list) =>
    list.some(({ id }) => id === role.id) ? list.map((each) => (each.id === role.id ? role : each)) : [...list, role],
  )
}

/** Nobody may grant, or look after, more than they may themselves; the box decides the same way. */
export function isWithinOwn(permissions: readonly Permission[]): boolean {
  const own = me.value?.user.permissions ?? []
  return permissions.every((each) => own.includes(each))
}

/** The same for cameras: null stands for all of them. */
export function areCamerasWithinOwn(cameras: readonly string[] | null): boolean {
  const own = me.value?.user.cameras ?? null
  return own === null || (cameras !== null && cameras.every((id) => own.includes(id)))
}

/** Only looking asks for no second factor (SEC-A4). */
export const changesSomething = (permissions: readonly Permission[]): boolean =>
  permissions.some((each) => !each.endsWith('.view'))

export const seesCameras = (permissions: readonly Permission[]): boolean =>
  permissions.includes('cameras.view') || permissions.includes('incidents.view')
