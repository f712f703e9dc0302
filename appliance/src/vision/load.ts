import type { Clock } from '../core/clock.ts'

/** How much the cameras ask of the detector and how much of it they get, over the last seconds. */
export interface LoadMeter {
  /** A frame came; `isBusy`: the detector would not have taken a look at once. */
  saw(cameraId: string, now: { isBusy: boolean; isUrgent: boolean; everyNth: number }): void
  /** A frame in which something moves or is followed gave way to a newer one. */
  dropped(): void
  /** One look at a frame or a part of it. */
  looked(cameraId: string): void
  /** All regions of such a frame were looked at. */
  concluded(cameraId: string): void
  forget(cameraId: string): void
  /** How many regions of one frame may be looked at: extra ones only while the detector has time to spare. */
  regionsAFrame(): number
  report(): LoadReport
}

export interface LoadReport {
  /** Share of the frames, 0–1, that found the detector busy. */
  busyShare: number
  looksPerSecond: number
  cameras: CameraLoad[]
  /** Since the start: frames in which something moved or was followed, those that gave way, and looks at anything. */
  totals: { wanted: number; dropped: number; looks: number }
}

export interface CameraLoad {
  cameraId: string
  framesPerSecond: number
  /** Frames in which something moves or is followed. */
  wantedPerSecond: number
  /** Frames that were. */
  lookedAtPerSecond: number
  /** Looks, several of one frame counted each. */
  looksPerSecond: number
  /** Above 1: only every n-th picture with motion is looked at, because so many showed nothing. */
  everyNth: number
}

/** Counts fade: what happened this long ago counts about a third. */
const MEMORY_MS = 15_000
const BUSY_MEMORY_FRAMES = 40
const SPARE_FOR_THREE = 0.3
const SPARE_FOR_TWO = 0.6

/** A count that fades, and from it a rate. */
interface Rate {
  add(): void
  perSecond(): number
}

function createRate(clock: Clock): Rate {
  const bornAt = clock.monotonic()
  let count = 0
  let at = bornAt
  const fade = (): void => {
    const now = clock.monotonic()
    count *= Math.exp((at - now) / MEMORY_MS)
    at = now
  }
  return {
    add() {
      fade()
      count++
    },
    perSecond() {
      fade()
      // Before its memory is full the same count means a higher rate.
      const fullness = 1 - Math.exp((bornAt - at) / MEMORY_MS)
      return fullness > 0 ? (count * 1_000) / (MEMORY_MS * fullness) : 0
    },
  }
}

interface Counts {
  frames: Rate
  wanted: Rate
  lookedAt: Rate
  looks: Rate
  everyNth: number
}

export function createLoadMeter(clock: Clock): LoadMeter {
  const cameras = new Map<string, Counts>()
  let busyShare = 0
  const totals = { wanted: 0, dropped: 0, looks: 0 }

  function countsOf(cameraId: string): Counts {
    const rate = (): Rate => createRate(clock)
    const made = { frames: rate(), wanted: rate(), lookedAt: rate(), looks: rate(), everyNth: 1 }
    const counts = cameras.get(cameraId) ?? made
    cameras.set(cameraId, counts)
    return counts
  }

  return {
    saw(cameraId, { isBusy, isUrgent, everyNth }) {
      const counts = countsOf(cameraId)
      busyShare += ((isBusy ? 1 : 0) - busyShare) / BUSY_MEMORY_FRAMES
      counts.frames.add()
      if (isUrgent) {
        counts.wanted.add()
        totals.wanted++
      }
      counts.everyNth = everyNth
    },
    dropped() {
      totals.dropped++
    },
    looked(cameraId) {
      totals.looks++
      cameras.get(cameraId)?.looks.add()
    },
    concluded: (cameraId) => cameras.get(cameraId)?.lookedAt.add(),
    forget: (cameraId) => cameras.delete(cameraId),
    regionsAFrame: () => (busyShare < SPARE_FOR_THREE ? 3 : busyShare < SPARE_FOR_TWO ? 2 : 1),
    report() {
      const reports = [...cameras].map(([cameraId, counts]) => ({
        cameraId,
        framesPerSecond: counts.frames.perSecond(),
        wantedPerSecond: counts.wanted.perSecond(),
        lookedAtPerSecond: counts.lookedAt.perSecond(),
        looksPerSecond: counts.looks.perSecond(),
        everyNth: counts.everyNth,
      }))
      const looksPerSecond = reports.reduce((sum, each) => sum + each.looksPerSecond, 0)
      return { busyShare, looksPerSecond, cameras: reports, totals: { ...totals } }
    },
  }
}
