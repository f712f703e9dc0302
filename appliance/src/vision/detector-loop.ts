import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { supervise } from '../core/supervise.ts'
import { startDetectorThread, type DetectorThread } from './detector-thread.ts'

export interface DetectorLoopDeps {
  clock: Clock
  log: Log
  /** The product's own when undefined. */
  workerFile: URL | undefined
  /** Opens a model in a new thread; a rejection ends the thread, and another one is tried after a pause. */
  open(thread: DetectorThread, signal: AbortSignal): Promise<void>
  /** The thread ended by itself. */
  onDied(reason: string): void
  /** The thread is gone, for whatever reason but the end of the product. */
  onGone(): void
}

export interface DetectorLoop extends Part {
  /** Ends the running thread and starts another one at once. */
  restart(): void
}

/** Keeps one detector thread alive: starts it, waits until it dies or is to be started anew, and so on. */
export function createDetectorLoop({ clock, log, workerFile, open, onDied, onGone }: DetectorLoopDeps): DetectorLoop {
  let restart = Promise.withResolvers<void>()

  async function runOnce(signal: AbortSignal): Promise<void> {
    restart = Promise.withResolvers()
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    const thread = startDetectorThread(clock, workerFile)
    try {
      const opening = open(thread, signal)
      await Promise.race([opening, aborted])
      if (signal.aborted) return void opening.catch(() => undefined)
      const reason = await Promise.race([thread.died, aborted, restart.promise])
      if (typeof reason !== 'string' || signal.aborted) return
      onDied(reason)
      throw new LaresError('unavailable', reason)
    } finally {
      if (!signal.aborted) onGone()
      await thread.end()
    }
  }

  const loop = supervise({ name: 'detector', clock, log, runOnce })
  return {
    name: loop.name,
    start: () => loop.start(),
    stop: () => loop.stop(),
    restart() {
      restart.resolve()
      loop.wake()
    },
  }
}
