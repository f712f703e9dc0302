// npm test: brings what the tests need, then hands over to the runner. `npm test -- tests/core` runs a part of them,
// LARES_TEST_ONLY=tests/core,tests/http does the same, and --unit leaves out what needs browsers or whole clones.
import { buildApp } from './bootstrap/app-build.mjs'
import { buildDefaultModel } from './bootstrap/default-model.mjs'
import { bringDependencies } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'
import {
  FOR_BROWSER_TESTS,
  FOR_CERTIFICATE_TESTS,
  FOR_PACKAGE_TESTS,
  FOR_TESTS,
  bringSystemPackages,
} from './bootstrap/system-packages.mjs'

async function test() {
  requireBootstrapNode()
  const args = process.argv.slice(2)
  const isUnitOnly = args.includes('--unit')
  const needsBrowsers = !isUnitOnly && !args.some(isPath) && !process.env.LARES_TEST_ONLY
  const beyondUnits = isUnitOnly ? [] : FOR_CERTIFICATE_TESTS
  await bringSystemPackages([
    ...FOR_TESTS,
    ...beyondUnits,
    ...(needsBrowsers ? [...FOR_BROWSER_TESTS, ...FOR_PACKAGE_TESTS] : []),
  ])
  await bringDependencies()
  const node = requireProductNode()
  await buildApp(node)
  await buildDefaultModel(node)
  await handOver(node, inRoot('scripts', 'testing', 'main.mjs'), args)
}

const isPath = (arg) => !arg.startsWith('--')

test().catch(endOn)
