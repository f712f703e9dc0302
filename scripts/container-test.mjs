// npm run container:test: both stages of the Dockerfile, followed step by step without docker.
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'
import { FOR_PACKAGE_TESTS, bringSystemPackages } from './bootstrap/system-packages.mjs'

async function follow() {
  requireBootstrapNode()
  await bringSystemPackages(FOR_PACKAGE_TESTS)
  await bringDependencies()
  await handOver(requireProductNode(), inRoot('tests', 'package', 'container-stages.ts'), process.argv.slice(2))
}

follow().catch(endOn)
