// npm run image: builds the image for a Raspberry Pi 4 or 5 into .out/image/. npm run image -- --bundle makes the signed
// update, too; docs/design/image.md names the rest.
import { buildApp } from './bootstrap/app-build.mjs'
import { buildDefaultModel } from './bootstrap/default-model.mjs'
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'
import { FOR_IMAGE, bringSystemPackages } from './bootstrap/system-packages.mjs'

async function build() {
  requireBootstrapNode()
  await bringSystemPackages(FOR_IMAGE)
  await bringDependencies()
  const node = requireProductNode()
  await buildApp(node)
  await buildDefaultModel(node)
  await handOver(node, inRoot('firmware-image', 'image', 'main.ts'), process.argv.slice(2))
}

build().catch(endOn)
