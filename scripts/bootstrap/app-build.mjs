// Builds the app (pwa/dist) when one of the files that go into it has changed since the last build.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { keepStamp, readStamp, runNpm } from './dependencies.mjs'
import { inRoot, root } from './places.mjs'
import { withProgress } from './say.mjs'

const STAMP = inRoot('.cache', 'pwa-build')
const LEFT_OUT = new Set(['node_modules', 'dist', '.cache'])

export async function buildApp(node) {
  const stamp = hashSources()
  if (readStamp(STAMP) === stamp && existsSync(inRoot('pwa', 'dist', 'index.html'))) return
  await withProgress('Building the app', () =>
    runNpm(['run', 'build', '-w', 'pwa'], { cwd: root, node, advice: 'The app did not build.' }),
  )
  keepStamp(STAMP, stamp)
}

function hashSources() {
  const hash = createHash('sha256')
  const files = [
    ...filesUnder(inRoot('pwa')),
    ...filesUnder(inRoot('appliance', 'src', 'api')),
    inRoot('package-lock.json'),
  ]
  for (const file of files.sort())
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !LEFT_OUT.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesUnder(path) : [path]
    })
}
