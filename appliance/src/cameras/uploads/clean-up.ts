import { realpath, rmdir, unlink } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { systemCodeOf } from '../../core/errors.ts'
import type { WalkedFile } from './walk.ts'

export interface CleanUpRules {
  keepMs: number
  mostBytes: number
}

/** Which files go: those that are too old, then the oldest until the rest fits. Pure. */
export function outlived(
  files: readonly WalkedFile[],
  nowMs: number,
  { keepMs, mostBytes }: CleanUpRules,
): WalkedFile[] {
  const byAge = files.toSorted((a, b) => a.changedMs - b.changedMs)
  let bytes = byAge.reduce((sum, file) => sum + file.bytes, 0)
  return byAge.filter((file) => {
    const goes = nowMs - file.changedMs > keepMs || bytes > mostBytes
    if (goes) bytes -= file.bytes
    return goes
  })
}

/**
 * Removes a file below the folder, and nothing outside: a link is removed itself, never what it leads to; where a folder
 * on the way is a link, nothing is. Then the folders that it leaves empty, up to the camera's own. True when it is gone.
 */
export async function removeUpload(root: string, name: string): Promise<boolean> {
  const path = join(root, name)
  try {
    const [top, folder] = [await realpath(root), await realpath(dirname(path))]
    if (folder !== join(top, dirname(name)) || !folder.startsWith(`${top}${sep}`)) return false
    await unlink(path)
    await removeEmpty(root, dirname(name))
    return true
  } catch (error) {
    return systemCodeOf(error) === 'ENOENT'
  }
}

async function removeEmpty(root: string, name: string): Promise<void> {
  for (let folder = name; folder.includes('/'); folder = dirname(folder)) {
    try {
      await rmdir(join(root, folder))
    } catch {
      return // Not empty, or not ours to remove.
    }
  }
}
