import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import type { FirstOpened } from '../open-first.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import type { LookResult, ModelChoice } from './backend.ts'
import { createProcessorSession, type ProcessorSession } from './processor-session.ts'
import { createSessionPool } from './session-pool.ts'

export interface ProcessorDeps {
  clock: Clock
  log: Log
  /** Asked at every start of a thread: wanted model first, built-in one last. */
  models(): Promise<readonly ModelChoice[]>
  /** The first session opened, the last one was lost, or none can be opened. */
  onChange(): void
  /** Another thread's file, for tests. */
  workerFile: URL | undefined
}

/** The processor: always open, so that sight never waits for anything else. One session a thread, several at once. */
export interface Processor extends Part {
  /** The model that is open, or null. */
  opened(): FirstOpened | null
  /** Why no model can be opened, or null. */
  problem(): string | null
  /** Sessions that are open. */
  sessions(): number
  isIdle(): boolean
  look(picture: YuvPicture, minScore: number): Promise<LookResult>
  /** Median of the last looks, or as measured when it was opened. */
  inferenceMs(): number | null
  /** So many sessions from now on; one is always kept. */
  resize(count: number): void
  reload(): void
}

export function createProcessor(deps: ProcessorDeps): Processor {
  const pool = createSessionPool(() => createProcessorSession({ ...deps, onOpened, onFailed, onGone }))
  let opened: FirstOpened | null = null
  let problem: string | null = null
  let wanted = 1
  let isRunning = false

  function onOpened(first: FirstOpened, session: ProcessorSession): void {
    const isOther = opened !== null && opened.file !== first.file
    const isNews = opened === null || isOther || problem !== null
    opened = first
    problem = null
    // All sessions see with the same model: the newest choice counts.
    if (isOther) pool.restart((each) => each !== session && each.isOpen())
    // Further sessions follow the first: opening them all at once would only make the first one late.
    if (isRunning) pool.resize(wanted)
    if (isNews) deps.onChange()
  }

  function onFailed(error: unknown): void {
    if (pool.isOneOpen()) return
    problem = messageOf(error)
    opened = null
    deps.onChange()
  }

  function onGone(): void {
    if (pool.isOneOpen()) return
    opened = null
    deps.onChange()
  }

  return {
    name: 'detector',
    async start() {
      isRunning = true
      pool.resize(1)
    },
    async stop() {
      isRunning = false
      await pool.stop()
      opened = null
    },
    opened: () => opened,
    problem: () => problem,
    sessions: pool.countOpen,
    isIdle: () => pool.firstIdle() !== undefined,
    async look(picture, minScore) {
      const session = pool.firstIdle()
      if (!session) throw new LaresError('unavailable', 'The detector is not ready.')
      return session.looks.look(picture, minScore)
    },
    inferenceMs: () => pool.medianMs() ?? opened?.opened.inferenceMs ?? null,
    resize(count) {
      wanted = Math.max(1, count)
      if (isRunning && opened) pool.resize(wanted)
    },
    reload: () => pool.restart(() => true),
  }
}
