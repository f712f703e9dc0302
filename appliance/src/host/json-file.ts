import type { z } from 'zod'
import { readIfThere } from '../core/disk.ts'

/** What such a file says; null where there is none, or one that is damaged: all of them are written anew at each start. */
export async function readJsonFile<Schema extends z.ZodType>(
  schema: Schema,
  file: string,
): Promise<z.output<Schema> | null> {
  const text = await readIfThere(file)
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
