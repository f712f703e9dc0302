import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trial } from './record.ts'

/** So many databases of systems that failed are kept, the newest ones. */
export const KEPT_LEFT_BEHIND = 3

const NAME = /^(left-by-.+?(?:-(\d{8}T\d{9}))?\.db)(?:-wal|-shm)?$/

/**
 * Where the database of the system that failed is kept, in the folder of updates. The same for the same trial, so that a restoring
 * that was cut off finds it again; another one for each trial, so that a version that fails twice leaves both.
 */
export function leftByFile({ to, backup }: Pick<Trial, 'to' | 'backup'>): string {
  const stamp = new Date(backup.takenAt).toISOString().replace(/[-:.Z]/g, '')
  return `left-by-${to.replace(/[^\w.-]/g, '_')}-${stamp}.db`
}

/** Databases among `names` that failed systems left, newest first, each with what SQLite keeps beside it. */
export function leftBehind(names: readonly string[]): string[][] {
  const found = new Map<string, { stamp: string; files: string[] }>()
  for (const name of names) {
    const [, file, stamp = ''] = NAME.exec(name) ?? []
    if (file === undefined) continue
    const known = found.get(file) ?? { stamp, files: [] }
    known.files.push(name)
    found.set(file, known)
  }
  // Without a stamp it is of a version of Lares that kept one alone.
  const newestFirst = [...found.values()].sort((a, b) => b.stamp.localeCompare(a.stamp))
  return newestFirst.map(({ files }) => files.sort())
}

/**
 * Before another trial: of what is in `folder` the newest stays. Older ones go, the oldest first, when there would be more than are
 * kept or while there is no room. Returns the names of what went.
 */
export async function dropLeftBehind(folder: string, isRoom: () => Promise<boolean>): Promise<string[]> {
  const left = leftBehind(await readdir(folder))
  const removed: string[] = []
  while (left.length >= KEPT_LEFT_BEHIND || (left.length > 1 && !(await isRoom()))) {
    const files = left.pop() ?? []
    for (const name of files) await rm(join(folder, name), { force: true })
    removed.push(...files)
  }
  return removed
}
