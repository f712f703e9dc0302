import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { writeFileDurably } from '../../core/disk.ts'
import { systemCodeOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'

const storedKey = z.strictObject({
  id: z.string().min(8).max(64),
  secret: z.string().length(43),
  createdAt: z.int(),
  source: z.enum(['made here', 'environment']),
  /** Which value of JWT_SECRET_KEY it was made from. */
  seed: z.string().nullable(),
  retiredAt: z.int().nullable(),
  validUntil: z.int().nullable(),
})
export type StoredKey = z.infer<typeof storedKey>
const keyFile = z.strictObject({ version: z.literal(1), keys: z.array(storedKey).min(1).max(50) })

/** Stored keys; none when there is no file, or it cannot be used. */
export async function readKeys(file: string, log: Log): Promise<StoredKey[]> {
  try {
    const { keys } = keyFile.parse(JSON.parse(await readFile(file, 'utf8')))
    if (((await stat(file)).mode & 0o077) !== 0) {
      log.warn({ file }, 'The signing keys could be read by others on this machine; rotate them')
      await chmod(file, 0o600)
    }
    return keys
  } catch (error) {
    // Nothing is lost: browsers ask for new tokens and go on. The error stays out: it may quote from the file.
    if (systemCodeOf(error) !== 'ENOENT') log.warn({ file }, 'The signing keys cannot be read; new ones are made')
    return []
  }
}

/** After a power cut the old or the new keys are there, whole. */
export async function writeKeys(file: string, keys: readonly StoredKey[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await chmod(dirname(file), 0o700)
  await writeFileDurably(file, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`)
}
