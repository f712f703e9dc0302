// node scripts/check-firewall.mjs: tries every rule set of docs/guide/firewall.md, each in a network of its own. Needs root.
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'
import { FOR_FIREWALL, bringSystemPackages } from './bootstrap/system-packages.mjs'

async function check() {
  requireBootstrapNode()
  await bringSystemPackages(FOR_FIREWALL)
  await bringDependencies()
  await handOver(requireProductNode(), inRoot('scripts', 'firewall', 'main.ts'), process.argv.slice(2))
}

check().catch(endOn)
