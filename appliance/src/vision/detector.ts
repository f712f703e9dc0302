import type { DetectorStatus } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { supervise } from '../core/supervise.ts'
import { startDetectorThread, type DetectorThread, type LookResult } from './detector-thread.ts'
import type { YuvPicture } from './picture-tensor.ts'
import type { Opened } from './worker-protocol.ts'

/** A model file that may be opened; the first one that opens is used. */
export interface ModelChoice {
  name: string
  file: string
}

export interface DetectorDeps {
  clock: Clock
  log: Log
  /** Asked at every start of the thread: wanted model first, built-in one last. */
  models(): Promise<readonly ModelChoice[]>
  /** Providers that cannot work on this hardware, with the reason in words. */
  ruledOut(): Promise<Readonly<Record<string, string>>>
  /** Told of every change of state, not of every look. */
  onStatus(status: DetectorStatus): void
  /** Another thread's file, for tests. */
  workerFile?: URL
}

export interface Detector extends Part {
  status(): DetectorStatus
  /** True when `look` would be taken at once. */
  isIdle(): boolean
  /** Takes over the picture's buffer and gives it back with the answer. Throws `unavailable`. */
  look(picture: YuvPicture, minScore: number): Promise<LookResult>
  /** Opens the models anew, for example after another one was chosen. */
  reload(): void
}

const KEPT_TIMES = 100
/** On the processor a failed look is rare and odd; this many in a row mean that the thread is better started afresh. */
const FAILURES_BEFORE_RESTART = 3
const STARTING: DetectorStatus = {
  state: 'starting',
  model: null,
  provider: null,
  inferenceMsP50: null,
  tried: [],
  problem: null,
}

/** Keeps one detector thread running, with a model that opens and a provider that works. */
export function createDetector(deps: DetectorDeps): Detector {
  const { clock, log } = deps
  let status = STARTING
  let thread: DetectorThread | null = null
  let isBusy = false
  let failuresInARow = 0
  let restart = Promise.withResolvers<void>()
  const timesMs: number[] = []
  /** Providers that died while running: not tried again until Lares is started anew. */
  const diedProviders: Record<string, string> = {}

  function setStatus(change: Partial<DetectorStatus>): void {
    status = { ...status, ...change }
    deps.onStatus(status)
  }

  async function runOnce(signal: AbortSignal): Promise<void> {
    restart = Promise.withResolvers()
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    const started = startDetectorThread(clock, deps.workerFile)
    try {
      const opening = openFirst(started, signal)
      await Promise.race([opening, aborted])
      if (signal.aborted) return void opening.catch(() => undefined)
      const reason = await Promise.race([started.died, aborted, restart.promise])
      if (typeof reason === 'string' && !signal.aborted) {
        ruleOut(reason)
        throw new LaresError('unavailable', reason)
      }
    } finally {
      thread = null
      if (!signal.aborted && status.state === 'ready') setStatus({ state: 'starting' })
      await started.end()
    }
  }

  async function openFirst(started: DetectorThread, signal: AbortSignal): Promise<void> {
    const choices = await deps.models()
    const ruledOut = { ...(await deps.ruledOut()), ...diedProviders }
    let problem: string | null = null
    for (const { name, file } of choices) {
      try {
        const opened = await started.open(file, 1, ruledOut)
        timesMs.length = 0
        failuresInARow = 0
        // Before the status is told: whoever hears that it is ready may ask at once.
        thread = started
        setStatus(readyStatus(name, opened, problem))
        log.info({ model: name, provider: opened.provider, inferenceMs: opened.inferenceMs }, 'Detector ready')
        return
      } catch (error) {
        problem ??= `${name}: ${messageOf(error)}`
        log.warn({ model: name, err: messageOf(error) }, 'Model not usable')
        if (!(error instanceof LaresError && error.kind === 'invalid')) break
      }
    }
    problem ??= 'No detection model is installed.'
    if (!signal.aborted) setStatus({ ...STARTING, state: 'failed', problem })
    throw new LaresError('unavailable', problem)
  }

  function ruleOut(reason: string): void {
    const { provider } = status
    if (provider && provider !== 'cpu') diedProviders[provider] = `It failed while running: ${reason}`
  }

  function onFailedLook(error: unknown): void {
    failuresInARow++
    log.warn({ provider: status.provider, err: messageOf(error) }, 'A look failed')
    if (status.provider === 'cpu' && failuresInARow < FAILURES_BEFORE_RESTART) return
    ruleOut(messageOf(error))
    restart.resolve()
  }

  const loop = supervise({ name: 'detector', clock, log, runOnce })

  return {
    name: 'detector',
    start: () => loop.start(),
    stop: () => loop.stop(),
    status: () => ({ ...status, inferenceMsP50: median(timesMs) ?? status.inferenceMsP50 }),
    isIdle: () => thread !== null && !isBusy,
    reload: () => {
      restart.resolve()
      loop.wake()
    },
    async look(picture, minScore) {
      if (!thread || isBusy) throw new LaresError('unavailable', 'The detector is not ready.')
      isBusy = true
      try {
        const result = await thread.look(picture, minScore)
        failuresInARow = 0
        timesMs.push(result.inferenceMs)
        if (timesMs.length > KEPT_TIMES) timesMs.shift()
        return result
      } catch (error) {
        onFailedLook(error)
        throw error
      } finally {
        isBusy = false
      }
    },
  }
}

function readyStatus(name: string, opened: Opened, problem: string | null): DetectorStatus {
  const { family, inputWidth, inputHeight, provider, inferenceMs, tried } = opened
  return {
    state: 'ready',
    model: { name, family, inputWidth, inputHeight },
    provider,
    inferenceMsP50: inferenceMs,
    tried,
    problem: problem && `${problem} ${name} is used instead.`,
  }
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null
}
