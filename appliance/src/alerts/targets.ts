import type { PushTarget } from '../api/alerts.ts'
import type { Clock } from '../core/clock.ts'
import { sha256Hex, type SecretBox } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Database } from '../db/database.ts'
import type { Principal } from '../http/route.ts'
import { endpointContext, keysContext } from './deliver.ts'
import { deviceLabel } from './device-label.ts'
import { checkEndpoint, checkKeys, type PushKeys } from './push-endpoint.ts'
import { deleteTarget, listTargets, replaceTarget, type StoredTarget } from './store.ts'

export interface Subscription {
  endpoint: string
  keys: PushKeys
  label?: string | undefined
}

export interface Targets {
  subscribe(principal: Principal, subscription: Subscription, userAgent: string): Promise<PushTarget>
  /** One's own; everybody's for those who may see the system. */
  list(principal: Principal): Promise<PushTarget[]>
  remove(principal: Principal, id: string): Promise<void>
}

/** Phones, tablets and browsers of one person; more is a program gone wild. */
const MAX_TARGETS_PER_PERSON = 32

export function createTargets(deps: {
  database: Database
  secretBox: SecretBox
  clock: Clock
  allowHome: boolean
}): Targets {
  const { database, secretBox, clock, allowHome } = deps

  return {
    async subscribe(principal, { endpoint, keys, label }, userAgent) {
      checkEndpoint(endpoint, allowHome)
      checkKeys(keys)
      const now = clock.now()
      const id = newId(now)
      const named = label === undefined || label === '' ? deviceLabel(userAgent) : label
      const target = {
        id,
        userId: principal.userId,
        endpoint: secretBox.seal(endpoint, endpointContext(id)),
        endpointHash: sha256Hex(endpoint),
        keys: secretBox.seal(JSON.stringify({ p256dh: keys.p256dh, auth: keys.auth }), keysContext(id)),
        label: named,
        createdAt: now,
      }
      await database.transaction(async (trx) => {
        await replaceTarget(trx, target)
        const all = await listTargets(trx, principal.userId)
        if (all.length > MAX_TARGETS_PER_PERSON) throw tooMany()
      })
      return { id, label: named, createdAt: now, lastDeliveredAt: null, problem: null, own: true }
    },
    async list(principal) {
      const all = await listTargets(database.reader, mayAll(principal, 'system.view') ? null : principal.userId)
      return all.map((target) => toApi(target, principal))
    },
    async remove(principal, id) {
      const removed = await deleteTarget(
        database.writer,
        id,
        mayAll(principal, 'system.edit') ? null : principal.userId,
      )
      if (!removed) throw new LaresError('not-found', 'There is no such phone.')
    },
  }
}

function mayAll(principal: Principal, permission: 'system.view' | 'system.edit'): boolean {
  return principal.permissions.has(permission)
}

function toApi(
  { id, userId, label, createdAt, lastDeliveredAt, problem }: StoredTarget,
  principal: Principal,
): PushTarget {
  return { id, label, createdAt, lastDeliveredAt, problem, own: userId === principal.userId }
}

function tooMany(): LaresError {
  const words = `At most ${MAX_TARGETS_PER_PERSON} phones and browsers get your alerts; remove one first.`
  return new LaresError('conflict', words, { code: 'TOO_MANY_TARGETS' })
}
