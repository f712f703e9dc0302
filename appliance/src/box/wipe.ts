import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeFileDurably } from '../core/disk.ts'

/** Found at a start, it says: everything in this folder goes before anything is opened. */
const FLAG = '.factory-reset'
/** Held by whoever wipes. */
const LOCK = 'lock'

export const askForWipe = (dataDir: string): Promise<void> => writeFileDurably(join(dataDir, FLAG), '')

/**
 * Removes everything that the folder holds when it was asked for. The flag goes last: a power cut in the middle is gone on
 * with at the next start, and nothing of what is half there is ever opened. True when it was done.
 */
export async function wipeIfAsked(dataDir: string): Promise<boolean> {
  const flag = join(dataDir, FLAG)
  const asked = await stat(flag).catch(() => null)
  if (!asked) return false
  for (const name of await readdir(dataDir)) {
    // SQLite keeps files beside the lock while it is held.
    if (name === FLAG || name.startsWith(LOCK)) continue
    await rm(join(dataDir, name), { recursive: true, force: true })
  }
  await syncFolder(dataDir)
  await rm(flag)
  await syncFolder(dataDir)
  return true
}
