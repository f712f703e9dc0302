// npm run reference: writes docs/reference out of the code. With --check it only says whether the pages are up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { handOver } from './bootstrap/hand-over.mjs'
import { findProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn, say } from './bootstrap/say.mjs'

const OLDEST_WITH_TYPES = 24
const folder = inRoot('docs', 'reference')

async function generate() {
  // The pages are made from TypeScript, which the Node of a fresh machine cannot read.
  if (Number(process.versions.node.split('.')[0]) < OLDEST_WITH_TYPES) {
    return handOver(findProductNode() ?? process.execPath, process.argv[1], process.argv.slice(2))
  }
  const { makePages } = await import('./reference/pages.ts')
  const pages = await makePages()
  const stale = Object.entries(pages).filter(([name, text]) => readOr(name) !== text)
  if (process.argv.includes('--check')) return tell(stale.map(([name]) => name))
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of stale) writeFileSync(inRoot('docs', 'reference', name), text)
  say(stale.length === 0 ? 'docs/reference was up to date.' : `Written: ${stale.map(([name]) => name).join(', ')}`)
}

function tell(stale) {
  if (stale.length === 0) return say('docs/reference is up to date.')
  say(
    `Out of date: ${stale.map((name) => `docs/reference/${name}`).join(', ')}. Run npm run reference and commit the result.`,
  )
  process.exitCode = 1
}

function readOr(name) {
  const file = inRoot('docs', 'reference', name)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

generate().catch(endOn)
