import type { Notice } from '../../api/system.ts'
import type { Clock } from '../../core/clock.ts'
import { homeTimeOf, isWithin } from '../../core/home-time.ts'
import type { Log } from '../../core/log.ts'
import { supervise, type Loop } from '../../core/supervise.ts'
import type { Database } from '../../db/database.ts'
import type { Notices } from '../../health/types.ts'
import type { Modes } from '../../modes/types.ts'
import { homeTimeZone, type Settings } from '../../settings/index.ts'
import type { AlertNotice, QueueNotice } from '../notice.ts'
import { windowOf } from '../rules/checks.ts'
import { quietTimes } from '../rules/settings.ts'
import { kindOf, type HealthKind } from './health-words.ts'
import { deleteTold, listTold, putTold, type ToldNotice } from './told-store.ts'

export interface TellerDeps {
  database: Database
  clock: Clock
  log: Log
  notices: Pick<Notices, 'list'>
  settings: Settings
  modes: Pick<Modes, 'state'>
  queueNotice: QueueNotice
  /** Whether a camera sends pictures now: one that was switched off or removed is not "back". */
  isCameraLive(id: string): boolean
}

const TTL_S = 60 * 60
const LOOK_EVERY_MS = 30_000
const SHORTEST_PAUSE_MS = 250
/** What went away must stay away that long; a stopping box ends everything, and nobody must be told so. */
const GONE_AFTER_MS = 10_000
/** After a start parts say anew what still holds. */
const SETTLING_MS = 3 * 60_000

/** Tells people what the box has noticed about itself: each thing once, and when it is over. */
export function createTeller(deps: TellerDeps): Loop {
  const { database, clock, log, notices, settings, modes, queueNotice } = deps
  const goneSince = new Map<string, number>()
  let startedAt: number | null = null

  function isQuiet(kind: HealthKind, now: number): boolean {
    const quiet = settings.get(quietTimes)
    if (quiet === null || kind.urgency === 'critical' || !kind.mayWait(modes.state().mode)) return false
    return isWithin(windowOf(quiet), homeTimeOf(now, settings.get(homeTimeZone)))
  }

  const base = (code: string, kind: HealthKind) => ({
    subject: { kind: 'health' as const, code, ...(kind.cameraId !== undefined && { cameraId: kind.cameraId }) },
    ...{ ruleId: null, ttlS: TTL_S, actions: [], channels: 'all' as const },
    audience: { permission: kind.audience },
  })

  async function tell(notice: Notice, kind: HealthKind): Promise<void> {
    const { id, title, detail, since } = notice
    const said: AlertNotice = {
      ...base(id, kind),
      ...{ state: 'opened', urgency: kind.urgency, title, body: detail, reason: 'Lares noticed it about itself.' },
    }
    await database.transaction(async (trx) => {
      await putTold(trx, { code: id, title, since }, clock.now())
      await queueNotice(trx, said)
    })
    log.info({ notice: id }, 'The owner is told')
  }

  async function tellGone({ code, title }: ToldNotice, kind: HealthKind | null): Promise<void> {
    const isBack = kind?.cameraId === undefined || deps.isCameraLive(kind.cameraId)
    const words = isBack ? (kind?.gone?.(title) ?? null) : null
    await database.transaction(async (trx) => {
      await deleteTold(trx, code)
      if (!kind || words === null) return
      const said = { title: words, body: `It is over: ${title}.`, state: 'closed', urgency: 'normal' } as const
      await queueNotice(trx, { ...base(code, kind), ...said, reason: 'What was told before is over.' })
    })
  }

  /** Milliseconds until it is due; 0 when it is. */
  function dueIn(notice: Notice, kind: HealthKind, now: number): number {
    if (isQuiet(kind, now)) return LOOK_EVERY_MS
    // A clock that was set back must not put it off.
    return notice.since > now ? 0 : Math.max(0, notice.since + kind.afterMs - now)
  }

  async function tellRaised(raised: readonly Notice[], told: readonly ToldNotice[], now: number): Promise<number> {
    let pauseMs = LOOK_EVERY_MS
    for (const notice of raised) {
      const kind = kindOf(notice)
      if (!kind || told.some(({ code }) => code === notice.id)) continue
      const waitMs = dueIn(notice, kind, now)
      if (waitMs === 0) await tell(notice, kind)
      else pauseMs = Math.min(pauseMs, waitMs)
    }
    return pauseMs
  }

  async function tellOver(raised: readonly Notice[], told: readonly ToldNotice[], now: number): Promise<number> {
    let pauseMs = LOOK_EVERY_MS
    for (const each of told) {
      if (raised.some(({ id }) => id === each.code)) {
        goneSince.delete(each.code)
        continue
      }
      const since = goneSince.get(each.code) ?? clock.monotonic()
      goneSince.set(each.code, since)
      const settled = clock.monotonic() - (startedAt ?? 0) >= SETTLING_MS
      const waitMs = settled ? since + GONE_AFTER_MS - clock.monotonic() : LOOK_EVERY_MS
      const kind = kindOf({ id: each.code, level: 'problem' })
      if (waitMs > 0 || (kind && isQuiet(kind, now))) {
        pauseMs = Math.min(pauseMs, Math.max(waitMs, SHORTEST_PAUSE_MS))
        continue
      }
      await tellGone(each, kind)
      goneSince.delete(each.code)
    }
    return pauseMs
  }

  let pauseMs = LOOK_EVERY_MS
  return supervise({
    ...{ name: 'own health', clock, log, pauseMs: () => pauseMs },
    async runOnce() {
      startedAt ??= clock.monotonic()
      const now = clock.now()
      const raised = notices.list()
      const told = await listTold(database.writer)
      pauseMs = Math.max(
        SHORTEST_PAUSE_MS,
        Math.min(await tellRaised(raised, told, now), await tellOver(raised, told, now)),
      )
    },
  })
}
