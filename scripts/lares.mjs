// npm run lares -- COMMAND: the `lares` command line (check, models, user …) under the product's own Node.
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'

async function lares() {
  requireBootstrapNode()
  await bringDependencies()
  await handOver(requireProductNode(), inRoot('appliance', 'src', 'cli', 'main.ts'), process.argv.slice(2))
}

lares().catch(endOn)
