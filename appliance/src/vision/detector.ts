import type { DetectorStatus } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { LookFailed, type Candidate, type LookResult, type ModelChoice } from './backends/backend.ts'
import { costOf } from './backends/candidate-list.ts'
import { createChecker } from './backends/checker.ts'
import { createChooser } from './backends/chooser.ts'
import { graphicsCandidates } from './backends/graphics.ts'
import { createProcessor, type Processor } from './backends/processor.ts'
import { forgetfulMemory, type Memory } from './backends/remembered.ts'
import type { Watched } from './backends/watched.ts'
import { statusOf } from './detector-status.ts'
import type { YuvPicture } from './picture-tensor.ts'

export interface DetectorDeps {
  clock: Clock
  log: Log
  /** Asked at every start of a thread: wanted model first, built-in one last. */
  models(): Promise<readonly ModelChoice[]>
  /** Providers that cannot work on this hardware, with the reason in words. */
  ruledOut(): Promise<Readonly<Record<string, string>>>
  /** Told of every change of state, not of every look. */
  onStatus(status: DetectorStatus): void
  /** Sidecars and remote detectors, beside the graphics cards that are always candidates. */
  others?: readonly Candidate[]
  /** Sessions side by side while the processor looks; 1 when left out. */
  poolSize?(): Promise<number>
  /** `auto`, or the id of the candidate that the owner wants. */
  wish?(): string
  memory?: Memory
  /** Another thread's file, for tests. */
  workerFile?: URL | undefined
}

export interface Detector extends Part {
  status(): DetectorStatus
  /** True when one more `look` would be taken at once; several may run side by side. */
  isIdle(): boolean
  /** Takes over the picture's buffer and gives it back with the answer. Throws `unavailable` or `timeout`. */
  look(picture: YuvPicture, minScore: number): Promise<LookResult>
  /** Opens the models anew, for example after another one was chosen. */
  reload(): void
  /** Tries every candidate anew: a setting of one was changed. The processor looks meanwhile. */
  chooseAnew(): void
}

/**
 * Keeps the processor open, so that sight is never without anything, and hands the looking to the best candidate as long
 * as that one answers. A picture that a candidate fails on is looked at by the processor.
 */
export function createDetector(deps: DetectorDeps): Detector {
  const { clock, log, workerFile } = deps
  let fullSize = 1
  let isRunning = false
  const processor = createProcessor({ clock, log, workerFile, models: deps.models, onChange: onProcessorChange })
  const checker = createChecker({ clock, processor })
  const chooser = createChooser({
    ...{ clock, log, memory: deps.memory ?? forgetfulMemory(), onChange: tell },
    candidates: [...graphicsCandidates({ clock, ruledOut: deps.ruledOut, workerFile }), ...(deps.others ?? [])],
    model: processor.opened,
    processorCost: () =>
      processor.opened() ? costOf('processor', processor.inferenceMs() ?? Infinity, fullSize) : null,
    check: (backend) => checker.check(backend),
    wish: () => deps.wish?.() ?? 'auto',
  })
  let modelFile: string | null = null

  function tell(): void {
    if (!isRunning) return
    // One session is kept warm beside a candidate, for the moment it fails.
    processor.resize(chooser.active() ? 1 : fullSize)
    deps.onStatus(status())
  }

  function onProcessorChange(): void {
    const file = processor.opened()?.file ?? null
    if (file !== null && modelFile !== null && file !== modelFile) chooser.reload()
    if (file !== null) modelFile = file
    chooser.wake()
    tell()
  }

  const status = (): DetectorStatus => statusOf(processor, chooser)

  return {
    name: 'detector',
    async start() {
      isRunning = true
      fullSize = (await deps.poolSize?.()) ?? 1
      processor.resize(fullSize)
      await processor.start()
      await chooser.start()
    },
    async stop() {
      isRunning = false
      await Promise.all([chooser.stop(), processor.stop()])
    },
    status,
    isIdle: () => canLook(chooser.active(), processor),
    look: (picture, minScore) => lookWith(chooser.active(), processor, picture, minScore),
    reload() {
      chooser.reload()
      processor.reload()
    },
    chooseAnew: () => chooser.reload(),
  }
}

async function lookWith(
  active: Watched | null,
  processor: Processor,
  picture: YuvPicture,
  minScore: number,
): Promise<LookResult> {
  if (!active?.isFree()) return processor.look(picture, minScore)
  try {
    return await active.look(picture, minScore)
  } catch (error) {
    if (!(error instanceof LookFailed) || !processor.isIdle()) throw error
    return processor.look({ ...picture, data: error.data }, minScore)
  }
}

/** Pictures do not wait for a candidate that has fallen silent. */
function canLook(active: Watched | null, processor: Processor): boolean {
  return active ? active.isFree() || (active.isSilent() && processor.isIdle()) : processor.isIdle()
}
