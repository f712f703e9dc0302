import type { Clock } from '../../core/clock.ts'
import { homeTimeOf } from '../../core/home-time.ts'
import type { Log } from '../../core/log.ts'
import { supervise, type Loop } from '../../core/supervise.ts'
import type { Database } from '../../db/database.ts'
import type { Notices } from '../../health/types.ts'
import type { Settings } from '../../settings/types.ts'
import type { AlertNotice, QueueNotice } from '../notice.ts'
import { tagOf } from '../outbox/queue.ts'
import { dailyCheck } from '../settings.ts'
import { lastToldAt, readAnswers, type Answers } from './history-store.ts'

export interface CanaryDeps {
  database: Database
  clock: Clock
  log: Log
  notices: Notices
  settings: Settings
  queueNotice: QueueNotice
  timeZone(): string
}

const LOOK_EVERY_MS = 10 * 60_000
const HOUR_MS = 60 * 60_000
const SILENT_FOR_MS = 24 * HOUR_MS
/** A day without any alert: time to ask. */
const QUIET_FOR_MS = 20 * HOUR_MS
const DAY_BEGINS = 9
const DAY_ENDS = 21
export const NO_PHONE_NOTICE = 'alerts.no-phone'

export interface Verdict {
  /** No phone has answered for a day, although it was sent something. */
  silent: boolean
  /** Send something that a phone can answer. */
  ask: boolean
}

/** Whether alerts still reach anybody. Pure. */
export function judgeAnswers(answers: Answers, nowMs: number, hourOfDay: () => number, mayAsk: boolean): Verdict {
  const { phones, firstPhoneAt, unansweredSince, lastSentAt } = answers
  if (phones === 0) return { silent: false, ask: false }
  const silent = unansweredSince !== null && nowMs - unansweredSince >= SILENT_FOR_MS
  const isQuiet = nowMs - Math.max(lastSentAt ?? 0, firstPhoneAt ?? 0) >= QUIET_FOR_MS
  return { silent, ask: mayAsk && isQuiet && isDay(hourOfDay()) }
}

const isDay = (hour: number): boolean => hour >= DAY_BEGINS && hour < DAY_ENDS

const QUESTION: AlertNotice = {
  subject: { kind: 'health', code: 'daily-check' },
  state: 'quiet',
  ruleId: null,
  reason: 'There was no alert for a day: Lares looks whether it still reaches you.',
  title: 'All quiet at home',
  body: 'Lares checks once a day that it reaches this phone.',
  urgency: 'normal',
  ttlS: 12 * 60 * 60,
  actions: [],
  audience: { permission: 'incidents.view' },
  channels: ['push'],
}

const NO_PHONE: AlertNotice = {
  subject: { kind: 'health', code: 'no-phone' },
  state: 'opened',
  ruleId: null,
  reason: 'No phone has said for a day that it showed an alert.',
  title: 'No phone has answered Lares for a day',
  body: 'Alerts were sent, and no phone said that it showed one. Open Lares on your phone and send a test under More › Notifications.',
  urgency: 'high',
  ttlS: 12 * 60 * 60,
  actions: [],
  audience: { permission: 'system.view' },
  channels: ['email', 'webhook', 'mqtt', 'ntfy'],
}

export interface Canary extends Loop {
  /** A phone answered: all is well. */
  answered(): void
}

/** Notices when alerts stop reaching anybody, and says so by another way. */
export function createCanary(deps: CanaryDeps): Canary {
  const { database, clock, log, notices, settings } = deps

  const hourOfDay = (): number => homeTimeOf(clock.now(), deps.timeZone()).hour

  async function tell(notice: AlertNotice, notAgainForMs: number): Promise<void> {
    const last = await lastToldAt(database.reader, tagOf(notice.subject))
    if (last !== null && clock.now() - last < notAgainForMs) return
    await database.transaction((trx) => deps.queueNotice(trx, notice))
  }

  async function look(): Promise<void> {
    const answers = await readAnswers(database.reader)
    const { silent, ask } = judgeAnswers(answers, clock.now(), hourOfDay, settings.get(dailyCheck))
    if (ask) await tell(QUESTION, QUIET_FOR_MS)
    if (!silent) return notices.clear(NO_PHONE_NOTICE)
    const { title, body } = NO_PHONE
    notices.raise({ id: NO_PHONE_NOTICE, level: 'problem', title, detail: body, link: '/more/notifications' })
    await tell(NO_PHONE, SILENT_FOR_MS)
  }

  const loop = supervise({ name: 'alerts: canary', clock, log, pauseMs: LOOK_EVERY_MS, runOnce: look })
  return { ...loop, answered: () => notices.clear(NO_PHONE_NOTICE) }
}
