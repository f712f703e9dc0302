import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const LARGEST_BYTES = 2_000_000
const SKIPPED = new Set(['node_modules', '.git', '.cache', '.out'])

/** The files of the repository that git knows or would take; all of a folder where there is no git. */
export function repositoryFiles(root: string): string[] {
  const { status, stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  return status === 0 ? stdout.split('\0').filter(Boolean) : folderFiles(root)
}

/** Files of a tree, links not followed; packages of others are judged by their licence and checksum. */
export function folderFiles(root: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : folderFiles(root, path)
    return entry.isFile() ? [relative(root, path)] : []
  })
}

/** Its text; null for what is no text, or too large to have been written by hand. */
export function readText(file: string): string | null {
  try {
    if (statSync(file).size > LARGEST_BYTES) return null
    const bytes = readFileSync(file)
    return bytes.subarray(0, 8_000).includes(0) ? null : bytes.toString('utf8')
  } catch {
    return null
  }
}
