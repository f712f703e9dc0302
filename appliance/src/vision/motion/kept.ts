import { relearn, type Background } from './background.ts'
import type { SmallGray } from './shrink.ts'

/**
 * What the scene was like before it became another one. Everything is learnt anew from that picture on, so that who walks there is
 * seen again within a second; if the scene of before comes back at once, as after lightning, so does what was known of it.
 */
export interface KeptScene {
  /** Puts the background aside and begins a new one with this picture. */
  putAside(background: Background, picture: SmallGray): void
  /** Whether the picture is the scene of before; then the background is as it was. */
  bringBack(background: Background, picture: SmallGray): boolean
}

/** Lightning and the headlights of a car that turns are over by then. */
const KEPT_FRAMES = 25
const SAMPLE_EVERY = 4
/** Of the samples, that differ as they did not use to. */
const MOST_STRANGE = 0.3

export function createKeptScene({ width, height }: Background): KeptScene {
  const [mean, noise, allowed] = [0, 1, 2].map(() => new Int32Array(width * height)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  let [gain, offset, framesLeft] = [0, 0, 0]

  function fits({ pixels }: SmallGray): boolean {
    let [strange, samples] = [0, 0]
    for (let y = SAMPLE_EVERY >> 1; y < height; y += SAMPLE_EVERY)
      for (let i = y * width, end = (y + 1) * width; i < end; i += SAMPLE_EVERY) {
        const expected = (((mean[i] as number) * gain) >> 12) + offset
        if (Math.abs((pixels[i] as number) - expected) > (allowed[i] as number)) strange++
        samples++
      }
    return strange <= MOST_STRANGE * samples
  }

  return {
    putAside(background, picture) {
      if (framesLeft === 0) {
        mean.set(background.mean)
        noise.set(background.noise)
        allowed.set(background.allowed)
        ;[gain, offset, framesLeft] = [background.gain, background.offset, KEPT_FRAMES]
      }
      relearn(background, picture)
    },
    bringBack(background, picture) {
      if (framesLeft === 0) return false
      framesLeft--
      if (!fits(picture)) return false
      background.mean.set(mean)
      background.noise.set(noise)
      background.allowed.set(allowed)
      ;[background.gain, background.offset, framesLeft] = [gain, offset, 0]
      return true
    },
  }
}
