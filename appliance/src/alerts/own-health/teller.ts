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
import { quietTimes } from '../settings.ts'
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

const base = (code: string, kind: HealthKind) => ({
  subject: { kind: 'health' as const, code, ...(kind.cameraId !== undefined && { cameraId: kind.cameraId }) },
  ...{ ruleId: null, ttlS: TTL_S, actions: [], channels: 'all' as const },
  audience: { permission: kind.audience },
})

/** What is said, each with its mark in one transaction: said once, and never lost. */
function createVoice({ database, clock, log, queueNotice, isCameraLive }: TellerDeps) {
  return {
    async tell(notice: Notice, kind: HealthKind): Promise<void> {
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
    },
    async tellGone({ code, title }: ToldNotice, kind: HealthKind | null): Promise<void> {
      const isBack = kind?.cameraId === undefined || isCameraLive(kind.cameraId)
      const words = isBack ? (kind?.gone?.(title) ?? null) : null
      await database.transaction(async (trx) => {
        await deleteTold(trx, code)
        if (!kind || words === null) return
        const said = { title: words, body: `It is over: ${title}.`, state: 'closed', urgency: 'normal' } as const
        await queueNotice(trx, { ...base(code, kind), ...said, reason: 'What was told before is over.' })
      })
    },
  }
}

/** How long what was told has been gone; a part that has not started yet has not said anew what still holds. */
function createAbsence(clock: Clock) {
  const goneSince = new Map<string, number>()
  let startedAt: number | null = null
  return {
    begin: () => void (startedAt ??= clock.monotonic()),
    isBack: (code: string) => void goneSince.delete(code),
    /** Milliseconds until it counts as gone; 0 when it does. */
    waitMs(code: string): number {
      const now = clock.monotonic()
      const since = goneSince.get(code) ?? now
      goneSince.set(code, since)
      const settling = (startedAt ?? now) + SETTLING_MS - now
      return Math.max(0, since + GONE_AFTER_MS - now, settling)
    },
  }
}

/** Tells people what the box has noticed about itself: each thing once, and when it is over. */
export function createTeller(deps: TellerDeps): Loop {
  const { database, clock, log, notices, settings, modes } = deps
  const voice = createVoice(deps)
  const absence = createAbsence(clock)
  let pauseMs = LOOK_EVERY_MS
  const waitAtMost = (ms: number): void => void (pauseMs = Math.max(SHORTEST_PAUSE_MS, Math.min(pauseMs, ms)))

  function isQuiet(kind: HealthKind, now: number): boolean {
    const quiet = settings.get(quietTimes)
    if (quiet === null || kind.urgency === 'critical' || !kind.mayWait(modes.state().mode)) return false
    return isWithin(windowOf(quiet), homeTimeOf(now, settings.get(homeTimeZone)))
  }

  async function tellRaised(notice: Notice, now: number): Promise<void> {
    const kind = kindOf(notice)
    if (!kind || isQuiet(kind, now)) return
    // A clock that was set back must not put it off.
    const waitMs = notice.since > now ? 0 : Math.max(0, notice.since + kind.afterMs - now)
    if (waitMs > 0) return waitAtMost(waitMs)
    await voice.tell(notice, kind)
  }

  async function tellOver(told: ToldNotice, now: number): Promise<void> {
    const waitMs = absence.waitMs(told.code)
    if (waitMs > 0) return waitAtMost(waitMs)
    const kind = kindOf({ id: told.code, level: 'problem' })
    if (kind && isQuiet(kind, now)) return
    await voice.tellGone(told, kind)
    absence.isBack(told.code)
  }

  return supervise({
    ...{ name: 'own health', clock, log, pauseMs: () => pauseMs },
    async runOnce() {
      absence.begin()
      pauseMs = LOOK_EVERY_MS
      const now = clock.now()
      const raised = notices.list()
      const told = await listTold(database.writer)
      for (const notice of raised)
        if (told.some(({ code }) => code === notice.id)) absence.isBack(notice.id)
        else await tellRaised(notice, now)
      for (const each of told) if (!raised.some(({ id }) => id === each.code)) await tellOver(each, now)
    },
  })
}
