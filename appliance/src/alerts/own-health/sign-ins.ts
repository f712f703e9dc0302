import type { AuditEntry } from '../../api/audit.ts'
import type { Clock } from '../../core/clock.ts'
import { homeClock } from '../../core/home-time.ts'
import type { Database } from '../../db/database.ts'
import { homeTimeZone, type Settings } from '../../settings/index.ts'
import { deviceLabel } from '../push/device-label.ts'
import type { AlertNotice, QueueNotice } from '../notice.ts'
import { isKnownBrowser } from './told-store.ts'

export interface SignInsDeps {
  database: Database
  clock: Clock
  settings: Settings
  queueNotice: QueueNotice
}

const WINDOW_MS = 15 * 60_000
/** As many as make sign-in itself slow down. */
const FAILURES = 5
const SILENT_MS = 60 * 60_000
const MOST_ADDRESSES = 1_000
const TTL_S = 24 * 60 * 60

/** Sign-ins that somebody should know of: many that failed, and one from a browser that was never used before. */
export function createSignInWatch({ database, clock, settings, queueNotice }: SignInsDeps) {
  const failures = new Map<string, number[]>()
  const toldAt = new Map<string, number>()

  const base = {
    ...{ state: 'opened', ruleId: null, ttlS: TTL_S, actions: [], channels: 'all' as const },
  }
  const say = (notice: AlertNotice): Promise<unknown> => database.transaction((trx) => queueNotice(trx, notice))

  async function onFailure({ at, address }: AuditEntry): Promise<void> {
    const from = address ?? 'an unknown address'
    if (failures.size > MOST_ADDRESSES) failures.clear()
    const recent = [...(failures.get(from) ?? []), at].filter((each) => Math.abs(at - each) < WINDOW_MS)
    failures.set(from, recent)
    const told = toldAt.get(from)
    if (recent.length < FAILURES || (told !== undefined && Math.abs(at - told) < SILENT_MS)) return
    toldAt.set(from, at)
    await say({
      ...base,
      subject: { kind: 'health', code: `sign-in.failed.${from}` },
      ...{ title: 'Somebody tries to sign in', urgency: 'high', reason: `${recent.length} sign-ins failed.` },
      body: `${recent.length} sign-ins from ${from} were refused within a quarter of an hour. Lares slows them down.`,
      audience: { permission: 'system.view' },
    })
  }

  async function onSuccess({ at, userId, sessionId, address, userAgent }: AuditEntry): Promise<void> {
    if (userId === null || sessionId === null || (await isKnownBrowser(database.writer, sessionId))) return
    const browser = deviceLabel(userAgent ?? '')
    await say({
      ...base,
      subject: { kind: 'health', code: `sign-in.new.${sessionId}` },
      ...{ title: 'New sign-in to your account', urgency: 'high', reason: 'A browser that was not used before.' },
      body: `${browser}, from ${address ?? 'an unknown address'}, at ${homeClock(at, settings.get(homeTimeZone))}. If it was not you, end it under More, You.`,
      audience: { permission: 'devices.view', userIds: [userId] },
    })
  }

  return async (entry: AuditEntry): Promise<void> => {
    if (entry.at > clock.now() + WINDOW_MS) return
    if (entry.type === 'login_failure') await onFailure(entry)
    if (entry.type === 'login_success') await onSuccess(entry)
  }
}
