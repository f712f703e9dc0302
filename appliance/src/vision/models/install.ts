import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { moveDurably } from '../../core/disk.ts'
import { LaresError } from '../../core/errors.ts'
import { classNamesFile } from '../families/class-names.ts'
import { findByHash, findByName } from './catalogue.ts'
import { fileOfModel, type ModelPlaces } from './places.ts'
import { writeNotes } from './notes.ts'
import { tryModel, type Trial } from './trial.ts'

export interface AddedModel extends Trial {
  name: string
  sha256: string
}

/** What is said of a file that is to be installed. */
export interface Installing {
  /** Its own name, which becomes the model's unless the catalogue knows the file. */
  fileName: string
  /** Where it came from, in words. */
  origin: string
  /** Whoever installs it accepts its licence. Not asked for files of the catalogue, whose licences are permissive. */
  acknowledged: boolean
  licence?: string | undefined
  expectedSha256?: string | undefined
  /** What its classes are called, when the file does not say. */
  classNames?: readonly string[] | undefined
}

export const LICENCE_SENTENCE =
  'This model is not in the catalogue: whether you may use it is between you and its maker. YOLOv5, YOLOv8 and later ones of Ultralytics are under the AGPL-3.0, which asks whoever offers them over a network to publish the whole source.'

/**
 * Installs a file that lies in the models folder under a name that nothing else opens: hash, licence, trial, then its place.
 * Throws `invalid` with code HASH_DIFFERS, LICENCE_UNACKNOWLEDGED or MODEL_REFUSED, or `conflict`; nothing is installed then.
 */
export async function installFile(
  deps: ModelPlaces & { clock: Clock },
  file: string,
  how: Installing,
): Promise<AddedModel> {
  const sha256 = await hashOf(file)
  if (how.expectedSha256 !== undefined && how.expectedSha256 !== sha256) {
    const words = `This is another file than the one that was named: its SHA-256 is ${sha256}.`
    throw new LaresError('invalid', words, { code: 'HASH_DIFFERS' })
  }
  const entry = findByHash(sha256)
  if (entry?.embedded) throw new LaresError('conflict', `${entry.name} is built in: there is nothing to add.`)
  if (!entry && !how.acknowledged) {
    const code = 'LICENCE_UNACKNOWLEDGED'
    throw new LaresError('invalid', LICENCE_SENTENCE, { code, details: { sha256 } })
  }
  const name = entry?.name ?? ownName(how.fileName)
  if (!entry && how.classNames) await writeFile(classNamesFile(file), `${how.classNames.join('\n')}\n`)
  const trial = await tryModel(deps.clock, file)
  const target = fileOfModel(deps, name)
  await rename(classNamesFile(file), classNamesFile(target)).catch(() => rm(classNamesFile(target), { force: true }))
  await moveDurably(file, target)
  const licence = entry?.licence ?? how.licence ?? 'unknown'
  await writeNotes(deps, name, { ...trial, sha256, licence, origin: how.origin })
  return { ...trial, name, sha256 }
}

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** A name for a file that is not in the catalogue, out of its own name; never one that the catalogue uses. */
export function ownName(path: string): string {
  const plain = basename(path, '.onnx')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
  const name = plain || 'model'
  return findByName(name)?.sha256 ? `own-${name}` : name
}
