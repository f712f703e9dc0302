import { copyFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { moveDurably, syncFolder } from '../core/disk.ts'
import { LaresError, systemCodeOf } from '../core/errors.ts'

/** SQLite keeps the newest writes beside the file; of another database they would be applied to this one. */
const BESIDE = ['-wal', '-shm'] as const

const isHere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

async function moveIfHere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') throw error
  })
}

/**
 * Puts `backup` in the place of `database`, and what was there to `leftBy`. May be cut off anywhere and begun anew: nothing half is
 * ever opened, and what was there is never overwritten by a second attempt. Throws `unavailable` BACKUP_MISSING, or what the disk
 * says when it is full, with nothing changed.
 */
export async function restoreDatabase(database: string, backup: string, leftBy: string): Promise<void> {
  if (!(await isHere(backup)))
    throw new LaresError('unavailable', 'The copy of the database that was to come back is gone.', {
      code: 'BACKUP_MISSING',
    })
  const temporary = `${database}.restoring`
  await copyFile(backup, temporary)
  if (!(await isHere(leftBy))) {
    for (const suffix of BESIDE) await moveIfHere(database + suffix, leftBy + suffix)
    await moveIfHere(database, leftBy)
  }
  for (const suffix of BESIDE) await rm(database + suffix, { force: true })
  await moveDurably(temporary, database)
  await syncFolder(join(leftBy, '..'))
}
