// How well motion boxes fit the truth.
import type { Box } from '../../../appliance/src/api/common.ts'
import { intersectionOf } from '../../../appliance/src/vision/boxes.ts'
import type { MotionWatcher } from '../../../appliance/src/vision/motion/index.ts'
import { CLIPS, truthClip, FRAMES_PER_SECOND } from './clips.ts'
import { planWalkers } from './walkers.ts'

export interface Score {
  /** Of who can be seen: share noticed within a second and in at least half of their frames. */
  recall: number
  /** Of all frames in which they can be seen. */
  frameRecall: number
  /** Share of frames with a box that is on nobody. */
  falseFrames: number
  missed: string[]
  falseAtS: number[]
}

/** Nothing is expected in the first seconds. */
const WARM_UP_S = 3
/** From here on somebody counts as to be seen. */
const SHOWN = 0.5
const SOON_FRAMES = FRAMES_PER_SECOND

const areaOf = ({ width, height }: Box): number => width * height
/** A box that is the whole picture finds everybody: that is no finding. */
const isOn = (box: Box, who: Box): boolean =>
  intersectionOf(box, who) >= 0.25 * areaOf(who) && areaOf(box) <= Math.max(20 * areaOf(who), 0.02)
const touches = (box: Box, who: Box): boolean => {
  const margin = 0.03
  const wide = { x: who.x - margin, y: who.y - margin, width: who.width + 2 * margin, height: who.height + 2 * margin }
  return intersectionOf(box, wide) > 0
}

interface Seen {
  frames: number
  found: number
  firstFound: number | null
}

export function scoreClip(watcher: MotionWatcher, name: string, seed: number, seconds = 120): Score {
  const seen = new Map<number, Seen>()
  const falseAtS: number[] = []
  let judged = 0
  for (const { frame, atS, sights } of truthClip(name, seed, seconds)) {
    const { boxes } = watcher.watch(frame, [])
    if (atS < WARM_UP_S) continue
    judged++
    for (const { id, box, shown } of sights) {
      if (shown < SHOWN) continue
      const who = seen.get(id) ?? { frames: 0, found: 0, firstFound: null }
      if (boxes.some((each) => isOn(each, box))) {
        who.found++
        who.firstFound ??= who.frames
      }
      who.frames++
      seen.set(id, who)
    }
    if (boxes.some((each) => !sights.some(({ box }) => touches(each, box)))) falseAtS.push(atS)
  }
  const all = [...seen]
  const walkers = planWalkers(seed, seconds)
  const isNoticed = ({ frames, found, firstFound }: Seen): boolean =>
    firstFound !== null && firstFound <= SOON_FRAMES && found >= frames / 2
  const sum = (pick: (who: Seen) => number): number => all.reduce((total, [, who]) => total + pick(who), 0)
  return {
    recall: all.length === 0 ? 1 : sum((who) => (isNoticed(who) ? 1 : 0)) / all.length,
    frameRecall: all.length === 0 ? 1 : sum(({ found }) => found) / sum(({ frames }) => frames),
    falseFrames: falseAtS.length / judged,
    missed: all
      .filter(([, who]) => !isNoticed(who))
      .map(([id, { found, frames }]) => `${walkers[id]?.height}×${walkers[id]?.contrast}: ${found}/${frames}`),
    falseAtS,
  }
}

export const CLIP_NAMES = Object.keys(CLIPS)
