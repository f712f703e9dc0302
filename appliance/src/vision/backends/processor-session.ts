import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import { createDetectorLoop } from '../detector-loop.ts'
import type { DetectorThread } from '../detector-thread.ts'
import { createLooks, type Looks } from '../looks.ts'
import { openFirst, type FirstOpened } from '../open-first.ts'
import type { ModelChoice } from './backend.ts'

/** Everything but the processor: these have candidates of their own. */
const ONLY_PROCESSOR = { tensorrt: '', cuda: '', webgpu: '' }

export interface SessionDeps {
  clock: Clock
  log: Log
  models(): Promise<readonly ModelChoice[]>
  workerFile: URL | undefined
  onOpened(first: FirstOpened, session: ProcessorSession): void
  onFailed(error: unknown): void
  onGone(): void
}

/** One thread of the processor with one session, kept alive. */
export interface ProcessorSession extends Part {
  readonly looks: Looks
  isIdle(): boolean
  isOpen(): boolean
  restart(): void
}

export function createProcessorSession(deps: SessionDeps): ProcessorSession {
  const { clock, log, workerFile } = deps
  let thread: DetectorThread | null = null
  const loop = createDetectorLoop({
    ...{ clock, log, workerFile },
    async open(started, signal) {
      try {
        const first = await openFirst(started, await deps.models(), ONLY_PROCESSOR, { log, signal })
        looks.reset()
        // Before it is told: whoever hears that it is ready may ask at once.
        thread = started
        deps.onOpened(first, session)
      } catch (error) {
        if (!signal.aborted) deps.onFailed(error)
        throw error
      }
    },
    onDied: () => undefined,
    onGone() {
      const wasOpen = thread !== null
      thread = null
      if (wasOpen) deps.onGone()
    },
  })
  const looks = createLooks({ log, thread: () => thread, onUseless: () => loop.restart() })
  const session: ProcessorSession = {
    name: loop.name,
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      thread = null
    },
    looks,
    isOpen: () => thread !== null,
    isIdle: () => thread !== null && !looks.isBusy(),
    restart: () => loop.restart(),
  }
  return session
}
