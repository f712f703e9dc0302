import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import type { FirstOpened } from '../open-first.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import type { LookResult, ModelChoice } from './backend.ts'
import { createProcessorSession, type ProcessorSession } from './processor-session.ts'

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
  medianMs(): number | null
  /** So many sessions from now on; one is always kept. */
  resize(count: number): void
  reload(): void
}

export function createProcessor(deps: ProcessorDeps): Processor {
  const sessions: ProcessorSession[] = []
  let opened: FirstOpened | null = null
  let problem: string | null = null
  let wanted = 1
  let isRunning = false
  const ending = new Set<Promise<void>>()

  function onOpened(first: FirstOpened): void {
    const isOther = opened !== null && opened.file !== first.file
    const isNews = opened === null || isOther || problem !== null
    opened = first
    problem = null
    // All sessions see with the same model: the newest choice counts.
    if (isOther) for (const each of sessions) if (each.isOpen()) each.restart()
    grow()
    if (isNews) deps.onChange()
  }

  function onFailed(error: unknown): void {
    if (sessions.some((each) => each.isOpen())) return
    opened = null
    problem = messageOf(error)
    deps.onChange()
  }

  function onGone(): void {
    if (sessions.some((each) => each.isOpen())) return
    opened = null
    deps.onChange()
  }

  function add(): void {
    const session = createProcessorSession({ ...deps, onOpened, onFailed, onGone })
    sessions.push(session)
    void session.start()
  }

  /** Further sessions follow the first: opening them all at once would only make the first one late. */
  function grow(): void {
    while (isRunning && opened !== null && sessions.length < wanted) add()
  }

  function shrink(): void {
    for (const session of sessions.splice(wanted)) {
      const ended = session.stop().finally(() => ending.delete(ended))
      ending.add(ended)
    }
  }

  return {
    name: 'detector',
    async start() {
      isRunning = true
      add()
    },
    async stop() {
      isRunning = false
      await Promise.all([...sessions.splice(0).map((each) => each.stop()), ...ending])
      opened = null
    },
    opened: () => opened,
    problem: () => problem,
    sessions: () => sessions.filter((each) => each.isOpen()).length,
    isIdle: () => sessions.some((each) => each.isIdle()),
    look(picture, minScore) {
      const session = sessions.find((each) => each.isIdle())
      if (!session) return Promise.reject(new LaresError('unavailable', 'The detector is not ready.'))
      return session.looks.look(picture, minScore)
    },
    medianMs() {
      const times = sessions.map(({ looks }) => looks.medianMs()).filter((each) => each !== null)
      return times.length === 0 ? null : times.reduce((sum, each) => sum + each, 0) / times.length
    },
    resize(count) {
      wanted = Math.max(1, count)
      shrink()
      grow()
    },
    reload() {
      for (const each of sessions) each.restart()
    },
  }
}
