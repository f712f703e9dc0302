import type { DetectorStatus } from '../api/system.ts'
import { sleep } from '../core/clock.ts'
import { NOT_TRIED } from './backends/candidate-list.ts'
import { createHomeDetector, type HomeDetectorDeps } from './home-detector.ts'
import { DEFAULT_MODEL_FILE } from './models/places.ts'
import { VISION_MODEL } from './settings.ts'
import { modelChoices } from './vision.ts'

const TURN_MS = 100
/** Building an engine for a graphics card may take minutes. */
const LONGEST_MS = 180_000

export interface ProbeDeps extends Pick<HomeDetectorDeps, 'clock' | 'log' | 'settings' | 'hardware' | 'dataDir'> {
  defaultModelFile?: string
  workerFile?: URL
}

/**
 * Tries everything that may look at pictures once, beside a Lares that runs or without one, and says what came of each.
 * For `lares doctor`. Starts no sidecar and writes nothing down.
 */
export async function probeDetectors(deps: ProbeDeps): Promise<DetectorStatus> {
  const { clock, settings, dataDir } = deps
  const places = { dataDir, defaultModelFile: deps.defaultModelFile ?? DEFAULT_MODEL_FILE }
  const models = async (): ReturnType<HomeDetectorDeps['models']> => modelChoices(places, settings.get(VISION_MODEL))
  const detector = createHomeDetector({ ...deps, models, onStatus: () => undefined, isGuest: true })
  const startedAt = clock.monotonic()
  await detector.start()
  try {
    while (!isSettled(detector.status()) && clock.monotonic() - startedAt < LONGEST_MS) await sleep(clock, TURN_MS)
    return detector.status()
  } finally {
    await detector.stop()
  }
}

/** Nothing is left that could still be tried; without the processor nothing can be. */
function isSettled({ state, candidates }: DetectorStatus): boolean {
  return state === 'failed' || (state === 'ready' && candidates.every(({ reason }) => reason !== NOT_TRIED))
}
