import { readdir, rm, stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import { lockInstance, requireWhole, restoreDatabase } from '../db/index.ts'
import { backupsFolder, listBackups, makeFolder, stampOf } from './files.ts'

export interface RestoreOptions {
  dataDir: string
  databaseFile: string
  clock: Clock
  /** `newest`, the name of one in the folder of backups, or the path of a file. */
  which: string
}

const NEWEST = 'newest'
/** What is sealed in a database can be opened with it alone: where there is none, this is no home, or another one's. */
const KEY_FILE = 'secret.key'
/** So many databases that gave way to a backup are kept. */
const KEPT_REPLACED = 3
const REPLACED = /^(replaced-\d{8}T\d{6}Z\.db)(-wal|-shm)?$/

/**
 * Puts a backup in the place of the database of a home whose server does not run; what was there is kept beside the backups. May be
 * cut off anywhere and begun anew. Throws `not-found`, `unavailable` DATABASE_DAMAGED, `unsupported` DATABASE_NEWER, `conflict`
 * DATA_IN_USE, all with nothing changed.
 */
export async function restoreBackup(options: RestoreOptions): Promise<{ from: string; replaced: string }> {
  const { dataDir, databaseFile, clock, which } = options
  if (!(await isFile(join(dataDir, KEY_FILE))))
    throw new LaresError('not-found', `There is no home at ${dataDir}. Choose the data folder with --data.`)
  const from = await find(dataDir, which)
  const lock = await lockInstance(join(dataDir, 'lock'), dataDir)
  try {
    await requireWhole(from)
    await makeFolder(dataDir)
    const replaced = join(backupsFolder(dataDir), await nameForReplaced(dataDir, clock.now()))
    await restoreDatabase(databaseFile, from, replaced)
    await forgetOld(dataDir)
    return { from, replaced }
  } finally {
    await lock.release()
  }
}

const isFile = async (file: string): Promise<boolean> => (await stat(file).catch(() => null))?.isFile() === true

async function find(dataDir: string, which: string): Promise<string> {
  if (which === NEWEST) {
    const [newest] = await listBackups(dataDir)
    if (newest) return newest.file
    throw new LaresError('not-found', `There is no backup in ${backupsFolder(dataDir)}.`)
  }
  const places = isAbsolute(which) ? [which] : [join(backupsFolder(dataDir), which), resolve(which)]
  for (const file of places) if (await isFile(file)) return file
  throw new LaresError('not-found', `There is no backup ${places.join(' and no ')}.`)
}

async function replacedIn(dataDir: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const name of (await readdir(backupsFolder(dataDir))).sort()) {
    const [, file] = REPLACED.exec(name) ?? []
    if (file !== undefined) found.set(file, [...(found.get(file) ?? []), name])
  }
  return found
}

/** A new one; or, where the power was cut between the newest writes and their database, the one that was begun. */
async function nameForReplaced(dataDir: string, now: number): Promise<string> {
  const begun = [...(await replacedIn(dataDir))].find(([file, names]) => !names.includes(file))
  return begun?.[0] ?? `replaced-${stampOf(now)}.db`
}

async function forgetOld(dataDir: string): Promise<void> {
  const oldestFirst = [...(await replacedIn(dataDir)).values()]
  for (const names of oldestFirst.slice(0, -KEPT_REPLACED))
    for (const name of names) await rm(join(backupsFolder(dataDir), name), { force: true })
}
