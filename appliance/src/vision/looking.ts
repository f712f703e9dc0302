import type { CameraLooking, Looking } from '../api/looking.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import type { CameraLoad, LoadReport } from './load.ts'
import type { NoticeBoard } from './notice.ts'

/** Below this share of the wanted pictures a camera is behind. Newest wins: now and then one is passed over anyway. */
const ENOUGH = 0.75
/** A camera that wants less than this needs no words about what it got. */
const LEAST_WANTED_PER_SECOND = 0.5
const ORDINALS = ['', '', 'other', '3rd', '4th', '5th', '6th', '7th', '8th', '9th', '10th'] as const

/** The load in words. Pure. */
export function describeLoad({ busyShare, looksPerSecond, cameras }: LoadReport): Looking {
  return {
    busyPct: Math.round(busyShare * 100),
    looksPerSecond: tenths(looksPerSecond),
    cameras: cameras.map(describeCamera),
  }
}

function describeCamera(load: CameraLoad): CameraLooking {
  const pace = paceOf(load)
  return {
    cameraId: load.cameraId,
    picturesPerSecond: tenths(load.framesPerSecond),
    wantedPerSecond: tenths(load.wantedPerSecond),
    lookedAtPerSecond: tenths(load.lookedAtPerSecond),
    everyNth: load.everyNth,
    ...{ pace, words: wordsFor(pace, load) },
  }
}

function paceOf({ wantedPerSecond, lookedAtPerSecond, everyNth }: CameraLoad): CameraLooking['pace'] {
  if (wantedPerSecond >= LEAST_WANTED_PER_SECOND && lookedAtPerSecond < ENOUGH * wantedPerSecond) return 'busy'
  return everyNth > 1 ? 'restless' : 'every'
}

function wordsFor(pace: CameraLooking['pace'], load: CameraLoad): string {
  if (pace === 'every') return 'Every picture in which something moves is looked at.'
  if (pace === 'restless')
    return `Looks at every ${ordinal(load.everyNth)} picture: something moves there all the time, and it is nothing. Whoever steps in elsewhere is seen at once.`
  return `Looks at about every ${ordinal(skipOf(load))} picture: the detector has more to do than it can.`
}

function skipOf({ wantedPerSecond, lookedAtPerSecond }: CameraLoad): number {
  return Math.max(2, Math.round(wantedPerSecond / Math.max(lookedAtPerSecond, 0.01)))
}

const ordinal = (n: number): string => ORDINALS[n] ?? `${n}th`
const tenths = (value: number): number => Math.round(value * 10) / 10

const ID = 'vision.load'

/** Says that the box looks less often than it should, once that has lasted; and no more once it is over. */
export interface LoadNotice {
  check(looking: Looking, at: number): void
}

const LASTS_MS = 30_000

export function createLoadNotice(notices: NoticeBoard): LoadNotice {
  let behindSince: number | null = null
  let fineSince: number | null = null
  let isRaised = false

  return {
    check({ cameras, looksPerSecond }, at) {
      const behind = cameras.filter(({ pace }) => pace === 'busy')
      if (behind.length === 0) {
        behindSince = null
        fineSince ??= at
        if (isRaised && at - fineSince >= LASTS_MS) {
          notices.clear(ID)
          isRaised = false
        }
        return
      }
      fineSince = null
      behindSince ??= at
      // Told once: numbers that change with every check are no news.
      if (isRaised || at - behindSince < LASTS_MS) return
      isRaised = true
      const wanted = cameras.reduce((sum, each) => sum + each.wantedPerSecond, 0)
      const lookedAt = cameras.reduce((sum, each) => sum + each.lookedAtPerSecond, 0)
      const share = ordinal(Math.max(2, Math.round(wanted / Math.max(lookedAt, 0.01))))
      notices.raise({
        ...{ id: ID, level: 'warning', link: '/more/hardware', title: 'The box cannot look at every picture' },
        detail: `${cameras.length} cameras ask for ${Math.round(wanted)} looks a second; the detector manages ${Math.round(looksPerSecond)}, so about every ${share} picture is looked at. Who is in sight is still found, a little later. A smaller model, an accelerator or fewer cameras help.`,
      })
    },
  }
}

const CHECK_EVERY_MS = 5_000

export interface LoadWatchDeps {
  clock: Clock
  log: Log
  notices: NoticeBoard
  /** Null while nothing can be looked at: that is another notice. */
  looking(): Looking | null
}

/** Looks at the load every few seconds, so that the owner hears of it. */
export function createLoadWatch({ clock, log, notices, looking }: LoadWatchDeps): Loop {
  const notice = createLoadNotice(notices)
  return supervise({
    ...{ name: 'detector load', clock, log, pauseMs: CHECK_EVERY_MS },
    async runOnce() {
      const now = looking()
      if (now) notice.check(now, clock.monotonic())
    },
  })
}
