import type { Permission } from '../../api/permissions.ts'

/** What somebody may do and see. */
export interface Access {
  readonly permissions: readonly Permission[]
  /** null: all. */
  readonly cameras: readonly string[] | null
}

/** Somebody who may sign in, or could once they are active again. */
export interface Member extends Access {
  readonly id: string
  readonly role: string
  readonly active: boolean
}

/** What is asked for one of the members; null: removed. */
export type MemberChange = Partial<Pick<Member, 'role' | 'permissions' | 'cameras' | 'active'>> | null

/** True when `inner` holds nothing that `outer` does not: the measure of what one may grant and whom one may manage. */
export function isWithin(inner: Access, outer: Access): boolean {
  const own = new Set(outer.permissions)
  if (!inner.permissions.every((permission) => own.has(permission))) return false
  if (outer.cameras === null) return true
  const seen = new Set(outer.cameras)
  return inner.cameras !== null && inner.cameras.every((camera) => seen.has(camera))
}

/** Those of whom one must always remain: an administrator whose view nobody has limited. */
const isMainstay = ({ role, active, cameras }: Pick<Member, 'role' | 'active' | 'cameras'>): boolean =>
  role === 'admin' && active && cameras === null

export type Refusal = 'BEYOND_YOUR_OWN' | 'LAST_ADMIN' | 'YOURSELF'

/**
 * Why `actor` may not do this to `target`; null: they may. `mainstays` counts the active administrators who see
 * everything, the target included where it is one.
 */
export function refusalOf(actor: Member, target: Member, change: MemberChange, mainstays: number): Refusal | null {
  if (!isWithin(target, actor)) return 'BEYOND_YOUR_OWN'
  const after = change === null ? null : { ...target, ...change }
  const wasMainstay = isMainstay(target)
  if (wasMainstay && mainstays <= 1 && (after === null || !isMainstay(after))) return 'LAST_ADMIN'
  if (target.id === actor.id && (after === null || !after.active)) return 'YOURSELF'
  if (after !== null && !isWithin(after, actor)) return 'BEYOND_YOUR_OWN'
  return null
}

export const countMainstays = (members: readonly Member[]): number => members.filter(isMainstay).length
