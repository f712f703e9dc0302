// npm run jetson: lays Lares over NVIDIA's sample root file system on the owner's own PC (docs/guide/jetson.md).
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'

async function build() {
  requireBootstrapNode()
  await bringDependencies()
  await handOver(requireProductNode(), inRoot('firmware-image', 'jetson', 'main.ts'), process.argv.slice(2))
}

build().catch(endOn)
