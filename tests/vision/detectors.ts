import { EventEmitter, once } from 'node:events'
import type { DetectorStatus } from '../../appliance/src/api/system.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { createDetector, type Detector } from '../../appliance/src/vision/detector.ts'

export const ONLY_CPU = { tensorrt: 'not in this test', cuda: 'not in this test', webgpu: 'not in this test' }

/** A real detector thread on the processor, ready to look. The caller stops it. */
export async function startDetector(
  models: readonly { name: string; file: string }[],
  workerFile?: URL,
  ruledOut: Record<string, string> = ONLY_CPU,
): Promise<{ detector: Detector; statuses: DetectorStatus[] }> {
  const statuses: DetectorStatus[] = []
  const changes = new EventEmitter()
  const detector = createDetector({
    clock: systemClock,
    log: silentLog(),
    models: async () => models,
    ruledOut: async () => ruledOut,
    onStatus(status) {
      statuses.push(status)
      changes.emit('status')
    },
    ...(workerFile ? { workerFile } : {}),
  })
  await detector.start()
  while (detector.status().state === 'starting') await once(changes, 'status')
  return { detector, statuses }
}

/** The states that a detector went through, each once in a row: candidates that come and go are told of as well. */
export function statesOf(statuses: readonly DetectorStatus[]): string[] {
  return statuses.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1])
}
