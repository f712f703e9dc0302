import { readFile, rm } from 'node:fs/promises'
import { z } from 'zod'
import { writeFileDurably } from '../../core/disk.ts'
import { modelsFolder, type ModelPlaces } from './places.ts'

/** What was found out about an installed model when it was tried, kept beside its file. */
const modelNotes = z.object({
  sha256: z.string(),
  family: z.string(),
  inputWidth: z.int(),
  inputHeight: z.int(),
  classes: z.int(),
  licence: z.string(),
  /** Where it came from, in words. */
  origin: z.string(),
  inferenceMs: z.number(),
})
export type ModelNotes = z.infer<typeof modelNotes>

const fileOf = (places: Pick<ModelPlaces, 'dataDir'>, name: string): string => `${modelsFolder(places)}/${name}.json`

/** null when there are none, or none that can be read: everything in them is found out anew at the next trial. */
export async function readNotes(places: Pick<ModelPlaces, 'dataDir'>, name: string): Promise<ModelNotes | null> {
  try {
    return modelNotes.parse(JSON.parse(await readFile(fileOf(places, name), 'utf8')))
  } catch {
    return null
  }
}

export async function writeNotes(places: Pick<ModelPlaces, 'dataDir'>, name: string, notes: ModelNotes): Promise<void> {
  await writeFileDurably(fileOf(places, name), `${JSON.stringify(notes, null, 2)}\n`, 0o644)
}

export async function dropNotes(places: Pick<ModelPlaces, 'dataDir'>, name: string): Promise<void> {
  await rm(fileOf(places, name), { force: true })
}
