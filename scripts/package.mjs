// npm run package: builds lares_<version>_<arch>.deb. npm run package -- --arch arm64 builds for another processor.
import { buildApp } from './bootstrap/app-build.mjs'
import { buildDefaultModel } from './bootstrap/default-model.mjs'
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'
import { FOR_PACKAGE, bringSystemPackages } from './bootstrap/system-packages.mjs'

async function build() {
  requireBootstrapNode()
  await bringSystemPackages(FOR_PACKAGE)
  await bringDependencies()
  const node = requireProductNode()
  await buildApp(node)
  await buildDefaultModel(node)
  await handOver(node, inRoot('firmware-image', 'package', 'main.ts'), process.argv.slice(2))
}

build().catch(endOn)
