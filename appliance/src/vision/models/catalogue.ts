import { z } from 'zod'
import { LaresError } from '../../core/errors.ts'
import entries from './catalogue.json' with { type: 'json' }

const entry = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string(),
  family: z.enum(['centernet', 'yolox', 'nanodet']),
  inputWidth: z.int(),
  inputHeight: z.int(),
  licence: z.string(),
  /** A page for people. Lares never fetches it. */
  source: z.url(),
  /** null: its publisher names no hash, so the file is recognised by its shape alone. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  sizeBytes: z.int().positive(),
  /** Comes with Lares; nothing to add. */
  embedded: z.boolean(),
})

/** A model that Lares knows by name. */
export type CatalogueEntry = z.infer<typeof entry>

export const CATALOGUE: readonly CatalogueEntry[] = z.array(entry).parse(entries)
export const CATALOGUE_DEFAULT = findDefault()

export function findByName(name: string): CatalogueEntry | null {
  return CATALOGUE.find((each) => each.name === name) ?? null
}

export function findByHash(sha256: string): CatalogueEntry | null {
  return CATALOGUE.find((each) => each.sha256 === sha256) ?? null
}

function findDefault(): CatalogueEntry & { sha256: string } {
  const found = CATALOGUE.find((each) => each.embedded)
  if (!found?.sha256) throw new LaresError('internal', 'The catalogue names no built-in model.')
  return { ...found, sha256: found.sha256 }
}
