import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../json-file.ts'

/** Below the folder that systemd makes for the product: its user alone may read it. */
export const WORDS_FILE = 'console.json'

/** What the product says of itself, for the screen at the box. */
export const ProductWords = z.strictObject({
  version: z.string(),
  homeName: z.string(),
  /** The box is `<name>.local`. */
  name: z.string(),
  /** At which phones reach it, likeliest first; none without a network. */
  addresses: z.array(z.string()),
  appLinks: z.array(z.string()),
  trustPage: z.string(),
  /** SHA-256 of the root, colon-separated hex. */
  fingerprint: z.string(),
  /** null once setup is done. */
  setupCode: z.string().nullable(),
})
export type ProductWords = z.infer<typeof ProductWords>

/** null while the product does not run. */
export async function readProductWords(root: string): Promise<ProductWords | null> {
  return readJsonFile(ProductWords, join(root, 'run/lares', WORDS_FILE))
}
