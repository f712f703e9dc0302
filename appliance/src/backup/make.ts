import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { freeDiskBytes } from '../core/data-folder.ts'
import { LaresError } from '../core/errors.ts'
import { copyDatabase } from '../db/index.ts'
import { backupName, backupsFolder, listBackups, makeFolder, type Backup } from './files.ts'
import { whichGo, type Kept } from './which-stay.ts'

export interface MakeOptions {
  dataDir: string
  databaseFile: string
  now: number
  freeBytesOf?: (path: string) => Promise<number>
}

/** Below what media wants for clips: a copy must not be what stops them. */
const RESERVE_BYTES = 700 * 1024 * 1024

const bytesOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

/** Copies the database while it is used. Throws `unavailable` DISK_FULL with nothing written, or DATABASE_DAMAGED. */
export async function makeBackup(options: MakeOptions): Promise<Backup> {
  const { dataDir, databaseFile, now, freeBytesOf = freeDiskBytes } = options
  const bytes = (await bytesOf(databaseFile)) + (await bytesOf(`${databaseFile}-wal`))
  if ((await freeBytesOf(dataDir)) < bytes + RESERVE_BYTES)
    throw new LaresError('unavailable', 'There is no room for a copy of the database.', { code: 'DISK_FULL' })
  await makeFolder(dataDir)
  const file = join(backupsFolder(dataDir), backupName(now))
  await copyDatabase(databaseFile, file)
  return { file, at: Math.floor(now / 1_000) * 1_000, sizeBytes: await bytesOf(file) }
}

/** Removes those that are not to be kept any more; returns how many. */
export async function thinOut(dataDir: string, kept: Kept, timeZone: string): Promise<number> {
  const all = await listBackups(dataDir)
  const going = new Set(
    whichGo(
      all.map(({ at }) => at),
      kept,
      timeZone,
    ),
  )
  for (const { file, at } of all) if (going.has(at)) await rm(file, { force: true })
  return going.size
}
