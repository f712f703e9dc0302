import { sleep, type Clock } from './clock.ts'
import { messageOf } from './errors.ts'
import type { Log } from './log.ts'
import type { Part } from './part.ts'

export interface SuperviseOptions {
  name: string
  clock: Clock
  log: Log
  /** One round of work. Returning means "again after `pauseMs`"; throwing means "again after a growing pause". */
  runOnce(signal: AbortSignal): Promise<void>
  /** A number, or a function asked after each good round. */
  pauseMs?: number | (() => number)
  /** Pauses after the first, second, … failure in a row; the last one repeats. */
  backoffMs?: readonly number[]
  /** Told of every change, for the page that shows it. */
  onState?(state: LoopState): void
}

export interface LoopState {
  state: 'running' | 'waiting' | 'stopped'
  failuresInARow: number
  lastError: string | null
}

export interface Loop extends Part {
  state(): LoopState
  /** Ends the current pause, if there is one. */
  wake(): void
}

const DEFAULT_BACKOFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const
const GOOD_RUN_MS = 60_000

/** The only loop of the product: named, bounded back-off, forgiven after a good minute, visible as unhealthy. */
export function supervise(options: SuperviseOptions): Loop {
  const { name, clock, log, runOnce, backoffMs = DEFAULT_BACKOFF_MS } = options
  let state: LoopState = { state: 'stopped', failuresInARow: 0, lastError: null }
  let stopping = new AbortController()
  let pause = new AbortController()
  let woken = false
  let running: Promise<void> | null = null

  const setState = (change: Partial<LoopState>): void => {
    state = { ...state, ...change }
    options.onState?.(state)
  }

  async function round(): Promise<number> {
    const startedAt = clock.monotonic()
    try {
      setState({ state: 'running' })
      await runOnce(stopping.signal)
      setState({ failuresInARow: 0, lastError: null })
      return pauseAfter(options)
    } catch (error) {
      const lasted = clock.monotonic() - startedAt
      const failuresInARow = lasted >= GOOD_RUN_MS ? 1 : state.failuresInARow + 1
      setState({ failuresInARow, lastError: messageOf(error) })
      if (!stopping.signal.aborted) log.warn({ loop: name, failuresInARow, err: messageOf(error) }, 'Will try again')
      return backoffMs[Math.min(failuresInARow, backoffMs.length) - 1] ?? pauseAfter(options)
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false
      const waitMs = await round()
      if (stopping.signal.aborted) break
      setState({ state: 'waiting' })
      pause = new AbortController()
      if (!woken && !stopping.signal.aborted) await sleep(clock, waitMs, pause.signal)
    }
    setState({ state: 'stopped' })
  }

  return {
    name,
    state: () => state,
    wake() {
      woken = true
      pause.abort()
    },
    async start() {
      stopping = new AbortController()
      running = run()
    },
    async stop() {
      stopping.abort()
      pause.abort()
      await running
      running = null
    },
  }
}

function pauseAfter({ pauseMs = 0 }: SuperviseOptions): number {
  return typeof pauseMs === 'function' ? pauseMs() : pauseMs
}
