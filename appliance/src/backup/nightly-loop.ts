import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import { homeTimeZone, type Settings } from '../settings/index.ts'
import { ageWords, listBackups, removeHalf } from './files.ts'
import { makeBackup, thinOut, type MakeOptions } from './make.ts'
import { dailyBackups, weeklyBackups } from './settings.ts'
import { isDue, type Kept } from './which-stay.ts'

export interface NightlyDeps extends Omit<MakeOptions, 'now'> {
  settings: Settings
  notices: NoticeBoard
  clock: Clock
  log: Log
}

const LOOK_MS = 10 * 60_000
/** A box that starts has better things to do. */
const SETTLE_MS = 10 * 60_000
/** What failed, for want of room as a rule, is not tried every few minutes. */
const AGAIN_MS = 60 * 60_000
const NOTICE = 'backup.missing'

export const keptOf = (settings: Settings): Kept => ({
  daily: settings.get(dailyBackups),
  weekly: settings.get(weeklyBackups),
})

/** Makes the copy of each night, and says when there is none. */
export function createNightly(deps: NightlyDeps): Loop {
  const { dataDir, settings, notices, clock, log } = deps
  let beganAt = 0
  let failed: { at: number; words: string } | null = null

  async function copy(kept: Kept, timeZone: string): Promise<void> {
    try {
      const startedAt = clock.monotonic()
      const { sizeBytes } = await makeBackup({ ...deps, now: clock.now() })
      const removed = await thinOut(dataDir, kept, timeZone)
      failed = null
      log.info({ sizeBytes, removed, ms: Math.round(clock.monotonic() - startedAt) }, 'Copied the database')
    } catch (error) {
      failed = { at: clock.monotonic(), words: messageOf(error) }
      log.warn({ err: failed.words }, 'The database was not copied')
    }
  }

  async function tell(): Promise<void> {
    if (failed === null) return notices.clear(NOTICE)
    const [newest] = await listBackups(dataDir)
    const age = newest ? `The newest copy is ${ageWords(newest.at, clock.now())}.` : 'There is no copy yet.'
    notices.raise({
      ...{ id: NOTICE, level: 'warning', title: 'No copy of the database was made' },
      ...{ detail: `${failed.words} ${age} Lares tries again every hour.`, link: '/more/health' },
    })
  }

  const loop = supervise({
    ...{ name: 'nightly backup', clock, log, pauseMs: LOOK_MS },
    async runOnce() {
      if (clock.monotonic() - beganAt < SETTLE_MS) return
      const [kept, timeZone] = [keptOf(settings), settings.get(homeTimeZone)]
      if (kept.daily + kept.weekly === 0) {
        failed = null
        return notices.clear(NOTICE)
      }
      const times = (await listBackups(dataDir)).map(({ at }) => at)
      const isPatient = failed !== null && clock.monotonic() - failed.at < AGAIN_MS
      if (!isPatient && isDue(times, clock.now(), timeZone)) {
        await removeHalf(dataDir)
        await copy(kept, timeZone)
      }
      await tell()
    },
  })
  return {
    ...loop,
    start() {
      beganAt = clock.monotonic()
      return loop.start()
    },
  }
}
