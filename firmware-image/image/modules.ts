import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { kernelOf } from './base.ts'
import { linesOf } from './steps.ts'

/** A kernel takes - and _ for the same. */
const plain = (name: string): string =>
  basename(name)
    .replace(/\.ko(\.xz|\.zst)?$/, '')
    .replaceAll('-', '_')

/**
 * Which of the drivers that the start names a kernel has not. mkinitramfs leaves them out without a word, and a board would
 * not find its card: between two kernels they change their names.
 */
export function missingModules(root: string): string[] {
  const folder = join(root, 'usr/lib/modules', kernelOf(root))
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => path.includes('.ko'))
  const builtIn = join(folder, 'modules.builtin')
  const known = new Set([...files, ...(existsSync(builtIn) ? linesOf(readFileSync(builtIn, 'utf8')) : [])].map(plain))
  const wanted = linesOf(readFileSync(join(root, 'etc/initramfs-tools/modules'), 'utf8'))
  return wanted.filter((name) => !known.has(plain(name)))
}
