// Which test files there are, which of them are quick, and which want the machine for themselves.
import { globSync } from 'node:fs'
import { root } from '../bootstrap/places.mjs'

/** Whole products and whole clones in real browsers: one after another, in this order, after everything else. */
const ALONE_FOLDERS = ['tests/interop/', 'tests/push/', 'tests/journeys/', 'tests/package/', 'tests/clean-clone/']

const isAlone = (file) => ALONE_FOLDERS.some((folder) => file.startsWith(folder))

/** Takes more than a few seconds for a reason (a browser, real video, a real model, real hashing): not a unit test. */
const isSlow = (file) => file.endsWith('.slow.test.ts')

const rank = (file) => ALONE_FOLDERS.findIndex((folder) => file.startsWith(folder))

/** `only`: folders or files; none means all. `unit` and `slow` run side by side, `alone` one by one. */
export function findTests(only) {
  const files = globSync('tests/**/*.test.ts', { cwd: root, exclude: (name) => name === 'node_modules' })
  const wanted = files.filter((file) => only.length === 0 || only.some((start) => isInside(file, start)))
  const alone = wanted.filter(isAlone).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  const beside = wanted.filter((file) => !isAlone(file)).sort()
  return { unit: beside.filter((file) => !isSlow(file)), slow: beside.filter(isSlow), alone }
}

function isInside(file, start) {
  const place = start.replace(/^\.\//, '').replace(/\/$/, '')
  return file === place || file.startsWith(`${place}/`)
}
