import type { Frame } from '../../media/index.ts'
import { createBackground, LEARNS, relearn, type Background } from './background.ts'
import { createHabits, type Habits } from './habits.ts'
import { createClockLine, type ClockLine } from './clock-line.ts'
import { createLocalLight, type LocalLight } from './local-light.ts'
import { createLightFit } from './light.ts'
import { createShrinker, type Shrinker } from './shrink.ts'
import type { Region } from './cells.ts'
import { createEvidence, type Evidence } from './evidence.ts'
import { createKeptScene, type KeptScene } from './kept.ts'
import { createWeather, type Weather } from './weather.ts'

/** What is remembered of one camera's pictures of one size. */
export interface Eye {
  readonly small: Shrinker
  readonly background: Background
  readonly habits: Habits
  readonly fitLight: ReturnType<typeof createLightFit>
  /** One of `LEARNS` a cell, anew in each frame. */
  readonly lessons: Uint8Array
  /** Frames for which the light in each cell has been another one. */
  readonly softFor: Uint8Array
  readonly clock: ClockLine
  readonly weather: Weather
  readonly kept: KeptScene
  readonly evidence: Evidence
  readonly localLight: LocalLight
  /** Where light was taken off the newest picture. */
  pools: readonly Region[]
}

/** A lamp, not a car that passes. */
const SOFT_STAYS_FRAMES = 10

export function openEye(frame: Frame): Eye {
  const small = createShrinker(frame.width, frame.height)
  const background = createBackground(small)
  const cells = background.counts.length
  small.shrink(frame.data, 0, 1)
  relearn(background, small)
  return {
    pools: [],
    ...{ small, background, fitLight: createLightFit(), habits: createHabits(background.columns, background.rows) },
    ...{ lessons: new Uint8Array(cells), softFor: new Uint8Array(cells) },
    ...{ clock: createClockLine(background), weather: createWeather(background) },
    ...{
      kept: createKeptScene(background),
      evidence: createEvidence(background),
      localLight: createLocalLight(background),
    },
  }
}

/** Light that only passes teaches nothing; light that stays is learnt quickly. */
export function markSoft({ background: { columns }, lessons, softFor }: Eye, region: Region): void {
  for (let row = region.top; row <= region.bottom; row++) {
    for (let cell = row * columns + region.left, end = row * columns + region.right; cell <= end; cell++) {
      softFor[cell] = Math.min(255, (softFor[cell] as number) + 2)
      if (lessons[cell] !== LEARNS.asAlways) continue
      lessons[cell] = (softFor[cell] as number) > SOFT_STAYS_FRAMES ? LEARNS.quickly : LEARNS.nothing
    }
  }
}

/** Whether the light in the middle of a region is a lamp's: then it is for the background to learn. */
export function hasStayedSoft(
  { background: { columns }, softFor }: Eye,
  { left, right, top, bottom }: Region,
): boolean {
  return (softFor[((top + bottom) >> 1) * columns + ((left + right) >> 1)] as number) > SOFT_STAYS_FRAMES
}

/** Once a frame. */
export function forgetSoft({ softFor }: Eye): void {
  for (let cell = 0; cell < softFor.length; cell++) {
    if ((softFor[cell] as number) > 0) softFor[cell] = (softFor[cell] as number) - 1
  }
}
