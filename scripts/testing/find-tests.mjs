// Which test files there are, and which of them want the machine for themselves.
import { globSync } from 'node:fs'
import { root } from '../bootstrap/places.mjs'

/** Real browsers, whole products and whole clones: one after another, in this order, after everything else. */
const SLOW_FOLDERS = ['tests/interop/', 'tests/push/', 'tests/journeys/', 'tests/clean-clone/']

export const isSlow = (file) => SLOW_FOLDERS.some((folder) => file.startsWith(folder))

const rank = (file) => SLOW_FOLDERS.findIndex((folder) => file.startsWith(folder))

/** `only`: folders or files; none means all. */
export function findTests(only) {
  const files = globSync('tests/**/*.test.ts', { cwd: root, exclude: (name) => name === 'node_modules' })
  const wanted = files.filter((file) => only.length === 0 || only.some((start) => isInside(file, start)))
  const slow = wanted.filter(isSlow).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  return { quick: wanted.filter((file) => !isSlow(file)).sort(), slow }
}

function isInside(file, start) {
  const place = start.replace(/^\.\//, '').replace(/\/$/, '')
  return file === place || file.startsWith(`${place}/`)
}
