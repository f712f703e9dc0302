import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Inside the data folder. */
export const BACKUPS_FOLDER = 'backups'

export interface Backup {
  file: string
  /** When the copy was made, as its name says: what copies files changes their times. */
  at: number
  sizeBytes: number
}

const NAME = /^lares-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.db$/

export const stampOf = (at: number): string => `${new Date(at).toISOString().replace(/\.\d+|[-:Z]/g, '')}Z`

export const backupName = (at: number): string => `lares-${stampOf(at)}.db`

function timeOf(name: string): number | null {
  const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? []
  return year === undefined ? null : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

export const backupsFolder = (dataDir: string): string => join(dataDir, BACKUPS_FOLDER)

/** Newest first; none where there is no folder of them. */
export async function listBackups(dataDir: string): Promise<Backup[]> {
  const folder = backupsFolder(dataDir)
  const found: Backup[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const [file, at] = [join(folder, name), timeOf(name)]
    const info = at === null ? null : await stat(file).catch(() => null)
    if (at !== null && info?.isFile()) found.push({ file, at, sizeBytes: info.size })
  }
  return found.sort((a, b) => b.at - a.at)
}

export async function makeFolder(dataDir: string): Promise<void> {
  await mkdir(backupsFolder(dataDir), { recursive: true, mode: 0o700 })
}

/** Half a copy, of which the power was cut. */
export async function removeHalf(dataDir: string): Promise<void> {
  const folder = backupsFolder(dataDir)
  for (const name of await readdir(folder).catch(() => []))
    if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true })
}

const HOUR_MS = 60 * 60_000

/** A night may be missed, two are too many. */
export const isFresh = ({ at }: Pick<Backup, 'at'>, now: number): boolean => now - at <= 48 * HOUR_MS

/** For people: "7 hours old", "3 days old". */
export function ageWords(at: number, now: number): string {
  const hours = Math.max(0, Math.floor((now - at) / HOUR_MS))
  if (hours < 1) return 'less than an hour old'
  const [count, unit] = hours < 48 ? [hours, 'hour'] : [Math.floor(hours / 24), 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'} old`
}
