import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { sha256Hex } from '../../core/crypto.ts'
import { syncFolder, writeFileDurably } from '../../core/disk.ts'
import { LaresError, messageOf, systemCodeOf } from '../../core/errors.ts'
import type { Settings } from '../../settings/index.ts'
import { startDetectorThread } from '../detector-thread.ts'
import { VISION_MODEL } from '../settings.ts'
import type { Opened } from '../worker-protocol.ts'
import { CATALOGUE, findByHash, findByName } from './catalogue.ts'
import { fileOfModel, modelsFolder, sizeOf, type ModelPlaces } from './installed.ts'

export interface AddedModel {
  name: string
  family: string
  inputWidth: number
  inputHeight: number
  inferenceMs: number
}

const MAX_MODEL_BYTES = 500 * 1024 * 1024

/**
 * Installs a model from a file: checks it, runs it once, then copies it durably into the data folder. Given a name of the
 * catalogue it throws `unavailable` saying where to get the file: Lares fetches nothing by itself. Throws `invalid` for a
 * file that is no usable model; nothing is installed then.
 */
export async function addModel(deps: ModelPlaces & { clock: Clock }, source: string): Promise<AddedModel> {
  const entry = findByName(source)
  if (entry && (await sizeOf(source)) === null) throw whereToGet(source, entry.source, entry.embedded)
  const bytes = await readModel(source)
  const name = findByHash(sha256Hex(bytes))?.name ?? ownName(source)
  if (findByName(name)?.embedded) throw new LaresError('conflict', `${name} is built in: there is nothing to add.`)
  await mkdir(modelsFolder(deps), { recursive: true })
  const target = fileOfModel(deps, name)
  // The very bytes that were hashed are tried, under a name that nothing else opens.
  const temporary = join(modelsFolder(deps), `.adding-${process.pid}-${name}.onnx`)
  try {
    await writeFileDurably(temporary, bytes, 0o644)
    const opened = await tryModel(deps.clock, temporary)
    await rename(temporary, target)
    await syncFolder(modelsFolder(deps))
    const { family, inputWidth, inputHeight, inferenceMs } = opened
    return { name, family, inputWidth, inputHeight, inferenceMs }
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Chooses an installed model; a running Lares takes it at its next start. Throws `not-found`. */
export async function useModel(deps: ModelPlaces & { settings: Settings }, name: string): Promise<void> {
  const isName = /^[a-z0-9][a-z0-9-]*$/.test(name)
  if (!isName || (await sizeOf(fileOfModel(deps, name))) === null) {
    const text = `The model ${name} is not installed. Add it first: npm run lares -- models add FILE`
    throw new LaresError('not-found', text, { code: 'MODEL_NOT_INSTALLED' })
  }
  await deps.settings.set(VISION_MODEL, name)
}

function whereToGet(name: string, source: string, embedded: boolean): LaresError {
  if (embedded) return new LaresError('conflict', `${name} is built in: there is nothing to add.`)
  const text = `Lares fetches nothing from the internet by itself. Get ${name} from ${source} and then: npm run lares -- models add FILE`
  return new LaresError('unavailable', text, { code: 'MODEL_NOT_HERE', details: { source } })
}

async function readModel(path: string): Promise<Buffer> {
  try {
    const info = await stat(path)
    if (!info.isFile()) throw new LaresError('invalid', `${path} is not a file.`)
    if (info.size > MAX_MODEL_BYTES)
      throw new LaresError('too-large', `${path} is larger than a model may be (500 MB).`)
    return await readFile(path)
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

/** A name for a file that is not in the catalogue, out of its own name; never one that the catalogue uses. */
function ownName(path: string): string {
  const plain = basename(path, '.onnx')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
  const name = plain || 'model'
  return findByName(name)?.sha256 ? `own-${name}` : name
}

async function tryModel(clock: Clock, file: string): Promise<Opened> {
  const thread = startDetectorThread(clock)
  const onlyCpu = { tensorrt: '', cuda: '', webgpu: '' }
  try {
    return await thread.open(file, 1, onlyCpu)
  } catch (cause) {
    throw new LaresError('invalid', messageOf(cause), { code: 'MODEL_REFUSED', cause })
  } finally {
    await thread.end()
  }
}
