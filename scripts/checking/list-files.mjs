// The files of the project: what git tracks, and what it would track. Without git (an unpacked archive), what lies here.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../bootstrap/places.mjs'

const NOT_OURS = new Set(['node_modules', '.git', 'dist', 'data', '.cache', '.out', 'coverage'])

export function listFiles() {
  if (!existsSync(join(root, '.git')))
    return globSync('**/*', { cwd: root, exclude: (name) => NOT_OURS.has(name) }).sort()
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const names = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\0')
  return names.filter((name) => name && existsSync(join(root, name))).sort()
}
