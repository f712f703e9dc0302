import { copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MAX_MODEL_BYTES } from '../../api/models.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import type { Settings } from '../../settings/index.ts'
import { classNamesFile } from '../families/class-names.ts'
import { VISION_MODEL } from '../settings.ts'
import { CATALOGUE, fetchable, findByName } from './catalogue.ts'
import { fetchFile, type FetchOptions } from '../../core/fetch-file.ts'
import { installFile, type AddedModel } from './install.ts'
import { sizeOf } from './installed.ts'
import { fileOfModel, modelsFolder, type ModelPlaces } from './places.ts'

export interface AddDeps extends ModelPlaces {
  clock: Clock
  /** Otherwise only models of the catalogue are taken. */
  acknowledged?: boolean
  /** How files are fetched; tests lead it to their own server. */
  fetch?: FetchOptions
}

/**
 * Installs a model from a file, or by its name in the catalogue from the address that is written there. Throws
 * `unavailable` saying where to get the file when no address with a hash is known, `invalid` for a file that is no usable
 * model; nothing is installed then.
 */
export async function addModel(deps: AddDeps, source: string): Promise<AddedModel> {
  await mkdir(modelsFolder(deps), { recursive: true })
  // Under a name that nothing else opens, so that the very bytes that are hashed are those that are tried.
  const temporary = join(modelsFolder(deps), `.adding-${process.pid}.onnx`)
  try {
    const entry = findByName(source)
    if (entry && (await sizeOf(source)) === null) {
      if (entry.embedded) throw new LaresError('conflict', `${source} is built in: there is nothing to add.`)
      const known = fetchable(entry)
      if (!known) throw whereToGet(source, entry.source)
      await fetchFile({
        url: known.url,
        target: temporary,
        maxBytes: MAX_MODEL_BYTES,
        clock: deps.clock,
        ...deps.fetch,
      })
      const how = { fileName: source, origin: known.url, acknowledged: false, expectedSha256: known.sha256 }
      return await installFile(deps, temporary, how)
    }
    await copyModel(source, temporary)
    const how = { fileName: source, origin: `the file ${basename(source)}`, acknowledged: deps.acknowledged ?? false }
    return await installFile(deps, temporary, how)
  } finally {
    await rm(temporary, { force: true })
    await rm(classNamesFile(temporary), { force: true })
  }
}

/** Chooses an installed model; a running Lares takes it at its next start. Throws `not-found`. */
export async function useModel(deps: ModelPlaces & { settings: Settings }, name: string): Promise<void> {
  await requireInstalled(deps, name)
  await deps.settings.set(VISION_MODEL, name)
}

/** The file of an installed model. Throws `not-found` MODEL_NOT_INSTALLED. */
export async function requireInstalled(places: ModelPlaces, name: string): Promise<string> {
  const isName = /^[a-z0-9][a-z0-9-]*$/.test(name)
  const file = fileOfModel(places, name)
  if (isName && (await sizeOf(file)) !== null) return file
  const text = `The model ${name} is not installed. Add it first: npm run lares -- models add FILE`
  throw new LaresError('not-found', text, { code: 'MODEL_NOT_INSTALLED' })
}

function whereToGet(name: string, source: string): LaresError {
  const text = `No address with a hash is known for ${name}, so Lares does not fetch it. Get it from ${source} and then: npm run lares -- models add-own FILE`
  return new LaresError('unavailable', text, { code: 'MODEL_NOT_HERE', details: { source } })
}

/** Its class names come along, when there are some beside it. */
async function copyModel(path: string, to: string): Promise<void> {
  try {
    const info = await stat(path)
    if (!info.isFile()) throw new LaresError('invalid', `${path} is not a file.`)
    if (info.size > MAX_MODEL_BYTES)
      throw new LaresError('too-large', `${path} is larger than a model may be (500 MB).`)
    await copyFile(path, to)
    await copyFile(classNamesFile(path), classNamesFile(to)).catch(() => undefined)
  } catch (cause) {
    if (cause instanceof LaresError) throw cause
    const known = CATALOGUE.map(({ name }) => name).join(', ')
    const text =
      systemCodeOf(cause) === 'ENOENT'
        ? `There is no file ${path}, and no model of that name (${known}).`
        : `${path} cannot be read.`
    throw new LaresError('not-found', text, { cause })
  }
}
