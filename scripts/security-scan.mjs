// node scripts/security-scan.mjs: the weekly look at ourselves; docs/guide/security-scan.md says what and how.
import { buildApp } from './bootstrap/app-build.mjs'
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'

async function scan() {
  requireBootstrapNode()
  await bringDependencies()
  const node = requireProductNode()
  await buildApp(node)
  await handOver(node, inRoot('scripts', 'security-scan', 'main.ts'), process.argv.slice(2))
}

scan().catch(endOn)
