import { sleep, type Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import type { DetectorBackend, LookResult } from './backend.ts'
import { checkBackend, readCheckPictures, type CheckPictures } from './check.ts'
import type { Processor } from './processor.ts'

const TURN_MS = 50
const TURNS = 200

/** Checks backends against the processor, which goes on looking for the cameras meanwhile. */
export function createChecker({ clock, processor }: { clock: Clock; processor: Processor }) {
  let pictures: Promise<CheckPictures> | null = null

  /** Waits for a gap between the cameras' looks. */
  async function lookInGap(picture: YuvPicture, minScore: number): Promise<LookResult> {
    for (let turn = 0; turn < TURNS && !processor.isIdle(); turn++) await sleep(clock, TURN_MS)
    if (!processor.isIdle()) throw new LaresError('unavailable', 'The processor had no time to compare with.')
    return processor.look(picture, minScore)
  }

  return {
    async check(backend: DetectorBackend): Promise<number> {
      pictures ??= readCheckPictures()
      return checkBackend(backend, { processor: lookInGap, pictures: await pictures, clock })
    },
  }
}
