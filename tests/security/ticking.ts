import { setTimeout as sleep } from 'node:timers/promises'
import type { FakeClock } from '../fakes/clock.ts'

/** So much of the box's time passes in as little of ours: cameras, plugs and their patience live on its clock. */
const TICK = { everyMs: 40, advanceMs: 400 } as const

/** Lets the box's time pass until the returned function is called. */
export function keepTicking(clock: FakeClock): () => Promise<void> {
  let isOver = false
  const ticking = (async () => {
    while (!isOver) {
      await sleep(TICK.everyMs)
      await clock.advance(TICK.advanceMs)
    }
  })()
  return () => {
    isOver = true
    return ticking
  }
}
