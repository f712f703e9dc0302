import { z } from 'zod'
import { LaresError } from '../../core/errors.ts'
import entries from './catalogue.json' with { type: 'json' }

const entry = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string(),
  family: z.enum(['centernet', 'yolox', 'nanodet', 'detr', 'rf-detr']),
  inputWidth: z.int(),
  inputHeight: z.int(),
  licence: z.string(),
  /** A page for people. */
  source: z.url(),
  /** null: its publisher names no hash, so the file is recognised by its shape alone. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** About, where no hash is known. */
  sizeBytes: z.int().positive(),
  classes: z.int().positive(),
  /** mAP at IoU 0.5, percent, on the first 128 pictures of COCO val2017; null: not measured. */
  map50: z.number().nullable(),
  /** Where the file itself lies. Only together with its hash, and fetched only when the owner asks for it. */
  url: z.url({ protocol: /^https$/ }).nullable(),
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

/** The catalogue's own file, as it may be fetched; null when its address or its hash is not known. */
export function fetchable({ url, sha256 }: CatalogueEntry): { url: string; sha256: string } | null {
  return url !== null && sha256 !== null ? { url, sha256 } : null
}

function findDefault(): CatalogueEntry & { sha256: string } {
  const found = CATALOGUE.find((each) => each.embedded)
  if (!found?.sha256) throw new LaresError('internal', 'The catalogue names no built-in model.')
  return { ...found, sha256: found.sha256 }
}
