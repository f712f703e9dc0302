import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { findByHash } from './catalogue.ts'
import { hashOf } from './install.ts'
import { sizeOf } from './installed.ts'
import { fileOfModel, type ModelPlaces } from './places.ts'
import { tryModel, type Trial } from './trial.ts'

export interface ExaminedModel {
  file: string
  sha256: string
  /** The catalogue names this very hash. */
  isKnown: boolean
  trial: Trial
}

/** Looks at a model's file and tries it. Throws `not-found` when there is none, `invalid` MODEL_REFUSED when it is of no use. */
export async function examineModel(deps: ModelPlaces & { clock: Clock }, wanted: string): Promise<ExaminedModel> {
  const file = fileOfModel(deps, wanted)
  if ((await sizeOf(file)) === null)
    throw new LaresError('not-found', `Its file ${file} is missing.`, { code: 'MODEL_NOT_INSTALLED' })
  const sha256 = await hashOf(file)
  return { file, sha256, isKnown: findByHash(sha256) !== null, trial: await tryModel(deps.clock, file) }
}
