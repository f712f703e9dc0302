// npm run check: format, types, imports, docs, reference and lint. `npm run check -- types lint` runs some of them.
import { bringDependencies, bringTools } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'

async function check() {
  requireBootstrapNode()
  await bringDependencies()
  await bringTools()
  await handOver(requireProductNode(), inRoot('scripts', 'checking', 'main.mjs'), process.argv.slice(2))
}

check().catch(endOn)
