import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import { COCO_CLASSES, cocoClassByName } from '../coco.ts'
import { startDetectorThread } from '../detector-thread.ts'
import { readClassNames } from '../families/class-names.ts'
import { CHECK_MIN_SCORE, checkPicture, whatIsMissed } from './check-picture.ts'

/** What a model turned out to be. */
export interface Trial {
  family: string
  inputWidth: number
  inputHeight: number
  classes: number
  /** One look on the processor of this box. */
  inferenceMs: number
}

/** Sight that comes later than this is of no use at a door. */
const MOST_MS = 5_000
const ONLY_PROCESSOR = { tensorrt: '', cuda: '', webgpu: '' }

/**
 * Opens a model file in a thread of its own and lets it look at the check picture. Throws `invalid` MODEL_REFUSED with the
 * reason: damaged, of no known family, blind, or far too slow. Whatever the file does, the detector that watches is untouched.
 */
export async function tryModel(clock: Clock, file: string): Promise<Trial> {
  const classNames = await readClassNames(file)
  if (classNames && !classNames.some((name) => cocoClassByName(name) !== null)) {
    throw refused(`It knows nothing that Lares looks for (people, vehicles, animals), only ${someOf(classNames)}.`)
  }
  const thread = startDetectorThread(clock)
  try {
    const { family, inputWidth, inputHeight } = await thread.open(file, 1, ONLY_PROCESSOR)
    // The first look of a session takes longer than those after it.
    await thread.look(await checkPicture(), CHECK_MIN_SCORE)
    const { detections, inferenceMs } = await thread.look(await checkPicture(), CHECK_MIN_SCORE)
    const missed = whatIsMissed(detections, classNames)
    if (missed) throw refused(`It does not find the ${missed} on the check picture.`)
    if (inferenceMs > MOST_MS) throw refused(`One look takes ${Math.round(inferenceMs / 1_000)} seconds on this box.`)
    const classes = classNames?.length ?? COCO_CLASSES
    return { family, inputWidth, inputHeight, classes, inferenceMs }
  } catch (cause) {
    if (cause instanceof LaresError && cause.code === 'MODEL_REFUSED') throw cause
    throw refused(messageOf(cause), cause)
  } finally {
    await thread.end()
  }
}

function refused(words: string, cause?: unknown): LaresError {
  return new LaresError('invalid', words, { code: 'MODEL_REFUSED', cause })
}

function someOf(names: readonly string[]): string {
  return names.slice(0, 3).join(', ') + (names.length > 3 ? ' and so on' : '')
}
