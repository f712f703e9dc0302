import { readdir, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import type { Hardware } from '../../api/system.ts'
import { systemCodeOf } from '../../core/errors.ts'
import { CATALOGUE, CATALOGUE_DEFAULT, findByName } from './catalogue.ts'

export type ModelEntry = Hardware['models'][number]

export interface ModelPlaces {
  dataDir: string
  /** The built-in model's file. */
  defaultModelFile: string
}

export function modelsFolder({ dataDir }: Pick<ModelPlaces, 'dataDir'>): string {
  return join(dataDir, 'models')
}

/** Where the file of a model lies or would lie. `wanted` is a name, or a path when it looks like one. */
export function fileOfModel(places: ModelPlaces, wanted: string): string {
  if (wanted === CATALOGUE_DEFAULT.name) return places.defaultModelFile
  const isPath = isAbsolute(wanted) || wanted.includes('/') || wanted.endsWith('.onnx')
  return isPath ? resolve(wanted) : join(modelsFolder(places), `${wanted}.onnx`)
}

/** Name to show for a wanted model: paths are cut to their file name. */
export function nameOfModel(wanted: string): string {
  return basename(wanted, '.onnx')
}

/** Every model of the catalogue, then own files. `active` is the name of the one in use, or null. */
export async function listModels(places: ModelPlaces, active: string | null): Promise<ModelEntry[]> {
  const known = await Promise.all(
    CATALOGUE.map(async ({ name, title, licence, sizeBytes, source }) => {
      const installedBytes = await sizeOf(fileOfModel(places, name))
      const installed = installedBytes !== null
      return {
        name,
        title,
        licence,
        sizeBytes: installedBytes ?? sizeBytes,
        installed,
        active: name === active,
        source,
      }
    }),
  )
  return [...known, ...(await listOwn(places, active))]
}

async function listOwn(places: ModelPlaces, active: string | null): Promise<ModelEntry[]> {
  const folder = modelsFolder(places)
  const names = (await filesIn(folder)).map((file) => basename(file, '.onnx')).filter((name) => !findByName(name))
  return Promise.all(
    names.map(async (name) => ({
      name,
      title: `Your own: ${name}`,
      licence: 'unknown',
      sizeBytes: (await sizeOf(join(folder, `${name}.onnx`))) ?? 0,
      installed: true,
      active: name === active,
      source: 'added from a file',
    })),
  )
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((file) => /^[a-z0-9][a-z0-9-]*\.onnx$/.test(file)).sort()
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** Bytes of a regular file, or null when there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : null
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(systemCodeOf(error) ?? '')) return null
    throw error
  }
}
