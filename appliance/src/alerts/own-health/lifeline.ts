import type { Clock } from '../../core/clock.ts'
import { homeClock, homeTimeOf } from '../../core/home-time.ts'
import type { Log } from '../../core/log.ts'
import { supervise } from '../../core/supervise.ts'
import type { Database } from '../../db/database.ts'
import type { Notices } from '../../health/types.ts'
import { homeTimeZone, type Settings } from '../../settings/index.ts'
import { createSignsOfLife } from './sign-of-life.ts'
import type { Lifeline } from './told-store.ts'

export interface LifelineDeps {
  database: Database
  dataDir: string
  clock: Clock
  log: Log
  notices: Pick<Notices, 'raise' | 'clear'>
  settings: Settings
  /** False while the box does not know what time it is: then nobody knows how long it was away. */
  clockTrusted(): boolean
}

const BEAT_MS = 60_000
/**
 * Shorter than that is no power cut worth a word. Signs of life are a minute apart and reach the card up to 45 s later,
 * and a box needs most of a minute to start: that alone looks like two and a half minutes.
 */
const WORTH_TELLING_MS = 180_000
const SHOWN_MS = 12 * 60 * 60_000
const MINUTE_MS = 60_000

/** "29 minutes", "3 hours 5 minutes", "2 days 4 hours" */
export function lastingWords(ms: number): string {
  const count = (value: number, word: string): string => `${value} ${word}${value === 1 ? '' : 's'}`
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS))
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const both = (big: string, rest: number, word: string): string => (rest === 0 ? big : `${big} ${count(rest, word)}`)
  if (days > 0) return both(count(days, 'day'), hours % 24, 'hour')
  if (hours > 0) return both(count(hours, 'hour'), minutes % 60, 'minute')
  return count(minutes, 'minute')
}

/** Notices after a start that the box was away without having been stopped (J8). */
export function createLifeline({ database, dataDir, clock, log, notices, settings, clockTrusted }: LifelineDeps) {
  const signs = createSignsOfLife({ database, dataDir })
  let before: Lifeline | null = null
  let startedAt = 0
  let shown: { id: string; until: number } | null = null

  function timeWords(at: number): string {
    const zone = settings.get(homeTimeZone)
    const then = homeTimeOf(at, zone)
    const today = homeTimeOf(clock.now(), zone)
    const isToday = then.day === today.day && then.month === today.month && then.year === today.year
    return isToday ? homeClock(at, zone) : `${homeClock(at, zone)} on ${then.day}.${then.month}.`
  }

  function judge(): void {
    const last = before
    before = null
    if (!last || last.stoppedClean) return
    const backAt = clock.now() - (clock.monotonic() - startedAt)
    const awayMs = backAt - last.aliveAt
    if (awayMs < WORTH_TELLING_MS) return
    log.warn({ awayMs }, 'The box was away without having been stopped')
    shown = { id: `box.was-off.${last.aliveAt}`, until: clock.monotonic() + SHOWN_MS }
    notices.raise({
      ...{ id: shown.id, level: 'info', title: `Lares was off for ${lastingWords(awayMs)}`, link: null },
      detail: `Without having been stopped, from ${timeWords(last.aliveAt)} to ${timeWords(backAt)}: a power cut, most likely. It runs again; in between nothing was watched.`,
    })
  }

  const beating = supervise({
    ...{ name: 'sign of life', clock, log, pauseMs: BEAT_MS },
    async runOnce() {
      if (!clockTrusted()) return
      judge()
      if (shown && clock.monotonic() >= shown.until) {
        notices.clear(shown.id)
        shown = null
      }
      await signs.give(clock.now())
    },
  })

  return {
    /** When the box gave its last sign of life before this start; null: never. */
    lastAliveAt: async (): Promise<number | null> => (await signs.last())?.aliveAt ?? null,
    async start(): Promise<void> {
      startedAt = clock.monotonic()
      before = await signs.last()
      await beating.start()
    },
    async stop(): Promise<void> {
      await beating.stop()
      if (clockTrusted()) await signs.stop(clock.now())
    },
  }
}
