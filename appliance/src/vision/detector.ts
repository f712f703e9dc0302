import type { DetectorStatus } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { createDetectorLoop } from './detector-loop.ts'
import type { DetectorThread, LookResult } from './detector-thread.ts'
import { createLooks } from './looks.ts'
import { openFirst, type FirstOpened, type ModelChoice } from './open-first.ts'
import type { YuvPicture } from './picture-tensor.ts'

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
  workerFile?: URL | undefined
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
  /** Providers that died while running: not tried again until Lares is started anew. */
  const diedProviders: Record<string, string> = {}

  function setStatus(change: Partial<DetectorStatus>): void {
    status = { ...status, ...change }
    deps.onStatus(status)
  }

  async function open(started: DetectorThread, signal: AbortSignal): Promise<void> {
    try {
      const ruledOut = { ...(await deps.ruledOut()), ...diedProviders }
      const first = await openFirst(started, await deps.models(), ruledOut, { log, signal })
      looks.reset()
      // Before the status is told: whoever hears that it is ready may ask at once.
      thread = started
      setStatus(readyStatus(first))
      log.info({ model: first.name, provider: status.provider, inferenceMs: status.inferenceMsP50 }, 'Detector ready')
    } catch (error) {
      if (!signal.aborted) setStatus({ ...STARTING, state: 'failed', problem: messageOf(error) })
      throw error
    }
  }

  function onDied(reason: string): void {
    const { provider } = status
    if (provider && provider !== 'cpu') diedProviders[provider] = `It failed while running: ${reason}`
  }

  function onGone(): void {
    thread = null
    if (status.state === 'ready') setStatus({ state: 'starting' })
  }

  const looks = createLooks({
    log,
    thread: () => thread,
    provider: () => status.provider,
    onUseless(reason) {
      onDied(reason)
      loop.restart()
    },
  })
  const loop = createDetectorLoop({ clock, log, open, onDied, onGone, workerFile: deps.workerFile })
  return {
    name: loop.name,
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      thread = null
    },
    status: () => ({ ...status, inferenceMsP50: looks.medianMs() ?? status.inferenceMsP50 }),
    isIdle: () => thread !== null && !looks.isBusy(),
    reload: () => loop.restart(),
    look: (picture, minScore) => looks.look(picture, minScore),
  }
}

function readyStatus({ name, opened, problem }: FirstOpened): DetectorStatus {
  const { family, inputWidth, inputHeight, provider, inferenceMs, tried } = opened
  const model = { name, family, inputWidth, inputHeight }
  return { state: 'ready', model, provider, inferenceMsP50: inferenceMs, tried, problem }
}
