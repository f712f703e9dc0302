// npm start: brings what is missing, then hands over to the product. With --demo, to the same product in a simulated home.
import { buildApp } from './bootstrap/app-build.mjs'
import { buildDefaultModel } from './bootstrap/default-model.mjs'
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { PRODUCT_FLAGS, handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'
import { FOR_START, bringSystemPackages } from './bootstrap/system-packages.mjs'

async function start() {
  requireBootstrapNode()
  await bringSystemPackages(FOR_START)
  await bringDependencies()
  const node = requireProductNode()
  await buildApp(node)
  await buildDefaultModel(node)
  const args = process.argv.slice(2)
  // "npm start --demo" without the two dashes gives the flag to npm, which leaves it in the environment.
  const isDemo = args.includes('--demo') || process.env.npm_config_demo === 'true'
  const entry = isDemo ? inRoot('scripts', 'demo', 'main.ts') : inRoot('appliance', 'src', 'main.ts')
  await handOver(node, entry, isDemo ? args.filter((arg) => arg !== '--demo') : args, { flags: PRODUCT_FLAGS })
}

start().catch(endOn)
