import type { PushTarget } from '../../api/alerts.ts'
import type { Clock } from '../../core/clock.ts'
import { sha256Hex, type SecretBox } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/database.ts'
import type { Principal } from '../../http/route.ts'
import { endpointContext, keysContext } from './deliver.ts'
import { deviceLabel } from './device-label.ts'
import { checkEndpoint, checkKeys, type PushKeys } from './push-endpoint.ts'
import { deleteTarget, findTarget, listTargets, saveTarget, type StoredTarget } from './target-store.ts'

export interface Subscription {
  endpoint: string
  keys: PushKeys
  label?: string | undefined
}

/** How the browser that subscribes came here. */
export interface Visit {
  userAgent: string
  /** Scheme, name and port as it typed them. */
  origin: string
}

export interface Targets {
  subscribe(principal: Principal, subscription: Subscription, visit: Visit): Promise<PushTarget>
  /** One's own; everybody's for those who may see the system. */
  list(principal: Principal): Promise<PushTarget[]>
  remove(principal: Principal, id: string): Promise<void>
}

/** Phones, tablets and browsers of one person; more is a program gone wild. */
const MAX_TARGETS_PER_PERSON = 32
const TAKEN_OFF = { state: 'dropped', reason: 'This phone was taken off the list.' } as const

export function createTargets(deps: {
  database: Database
  secretBox: SecretBox
  clock: Clock
  allowHome: boolean
}): Targets {
  const { database, secretBox, clock, allowHome } = deps

  return {
    async subscribe(principal, { endpoint, keys, label }, { userAgent, origin }) {
      checkEndpoint(endpoint, allowHome)
      checkKeys(keys)
      const { userId, sessionId } = principal
      const now = clock.now()
      const endpointHash = sha256Hex(endpoint)
      const named = label === undefined || label === '' ? deviceLabel(userAgent) : label
      const seal = (id: string) => ({
        endpoint: secretBox.seal(endpoint, endpointContext(id)),
        keys: secretBox.seal(JSON.stringify({ p256dh: keys.p256dh, auth: keys.auth }), keysContext(id)),
      })
      return database.transaction(async (trx) => {
        const id = await ownTargetId(trx, endpointHash, userId, newId(now))
        await saveTarget(trx, {
          id,
          userId,
          sessionId,
          origin,
          endpointHash,
          label: named,
          createdAt: now,
          ...seal(id),
        })
        const all = await listTargets(trx, userId)
        if (all.length > MAX_TARGETS_PER_PERSON) throw tooMany()
        const saved = all.find((each) => each.id === id)
        if (!saved) throw new LaresError('internal', 'The subscription is gone again.')
        return toApi(saved, principal)
      })
    },
    async list(principal) {
      const all = await listTargets(database.reader, mayAll(principal, 'system.view') ? null : principal.userId)
      return all.map((target) => toApi(target, principal))
    },
    async remove(principal, id) {
      const whose = mayAll(principal, 'system.edit') ? null : principal.userId
      const removed = await database.transaction((trx) => deleteTarget(trx, id, whose, TAKEN_OFF))
      if (!removed) throw new LaresError('not-found', 'There is no such phone.')
    },
  }
}

/** A browser keeps its id when it subscribes again; with another person in front of it, it begins anew. */
async function ownTargetId(trx: Trx, endpointHash: string, userId: string, freshId: string): Promise<string> {
  const known = await findTarget(trx, endpointHash)
  if (known?.userId === userId) return known.id
  if (known) await deleteTarget(trx, known.id, null, TAKEN_OFF)
  return freshId
}

function mayAll(principal: Principal, permission: 'system.view' | 'system.edit'): boolean {
  return principal.permissions.has(permission)
}

function toApi(
  { id, userId, label, createdAt, lastDeliveredAt, lastShownAt, problem }: StoredTarget,
  principal: Principal,
): PushTarget {
  return { id, label, createdAt, lastDeliveredAt, lastShownAt, problem, own: userId === principal.userId }
}

function tooMany(): LaresError {
  const words = `At most ${MAX_TARGETS_PER_PERSON} phones and browsers get your alerts; remove one first.`
  return new LaresError('conflict', words, { code: 'TOO_MANY_TARGETS' })
}
