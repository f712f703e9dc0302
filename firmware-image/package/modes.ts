import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every path below, sorted. */
export const everything = (root: string): string[] =>
  (readdirSync(root, { recursive: true }) as string[]).sort().map((path) => join(root, path))

/**
 * Whoever builds may have any umask, and the built-in model is written for its owner alone: folders and programs are open
 * to read and run, files to read. Whoever runs it is another user.
 */
export function openToRead(root: string): void {
  chmodSync(root, 0o755)
  for (const path of everything(root)) {
    const info = lstatSync(path)
    if (info.isSymbolicLink()) continue
    chmodSync(path, info.isDirectory() || (info.mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
}
