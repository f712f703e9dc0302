import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelEntry } from '../../api/models.ts'
import { systemCodeOf } from '../../core/errors.ts'
import { CATALOGUE, fetchable, findByName } from './catalogue.ts'
import { readNotes } from './notes.ts'
import { fileOfModel, modelsFolder, type ModelPlaces } from './places.ts'

export type { ModelEntry } from '../../api/models.ts'

/** The model that looks now. */
export interface ActiveModel {
  name: string
  inferenceMs: number | null
}

/** Every model of the catalogue, then own files. `active`: the one in use, or null. */
export async function listModels(places: ModelPlaces, active: ActiveModel | null): Promise<ModelEntry[]> {
  const known = await Promise.all(
    CATALOGUE.map(async (entry) => {
      const { name, title, family, licence, sizeBytes, sha256, inputWidth, inputHeight, classes, map50, source } = entry
      const installedBytes = await sizeOf(fileOfModel(places, name))
      const notes = await readNotes(places, name)
      return {
        ...{ name, title, family, licence, sha256, inputWidth, inputHeight, classes, map50, source },
        needsConsent: false,
        builtIn: entry.embedded,
        sizeBytes: installedBytes ?? sizeBytes,
        inferenceMs: speedOf(name, active, notes?.inferenceMs),
        installed: installedBytes !== null,
        active: name === active?.name,
        canFetch: fetchable(entry) !== null,
      }
    }),
  )
  return [...known, ...(await listOwn(places, active))]
}

/** As it looks now, otherwise as it was tried last. */
function speedOf(name: string, active: ActiveModel | null, triedMs: number | undefined): number | null {
  return (name === active?.name ? active.inferenceMs : null) ?? triedMs ?? null
}

async function listOwn(places: ModelPlaces, active: ActiveModel | null): Promise<ModelEntry[]> {
  const folder = modelsFolder(places)
  const names = (await filesIn(folder)).map((file) => basename(file, '.onnx')).filter((name) => !findByName(name))
  return Promise.all(
    names.map(async (name) => {
      const notes = await readNotes(places, name)
      return {
        ...{ name, title: `Your own: ${name}`, needsConsent: true, builtIn: false, map50: null },
        family: notes?.family ?? null,
        licence: notes?.licence ?? 'unknown',
        sha256: notes?.sha256 ?? null,
        inputWidth: notes?.inputWidth ?? null,
        inputHeight: notes?.inputHeight ?? null,
        classes: notes?.classes ?? null,
        sizeBytes: (await sizeOf(join(folder, `${name}.onnx`))) ?? 0,
        inferenceMs: speedOf(name, active, notes?.inferenceMs),
        ...{ installed: true, active: name === active?.name, canFetch: false },
        source: notes?.origin ?? 'added from a file',
      }
    }),
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
