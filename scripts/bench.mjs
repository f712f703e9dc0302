// npm run bench: lists the benchmarks. npm run bench NAME -- --quick --json measures one of them.
import { readdirSync } from 'node:fs'
import { buildApp } from './bootstrap/app-build.mjs'
import { buildDefaultModel } from './bootstrap/default-model.mjs'
import { bringDependencies, bringLighthouse } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { requireBootstrapNode, requireProductNode } from './bootstrap/node-version.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { Stop, endOn, say } from './bootstrap/say.mjs'
import { FOR_BROWSER_TESTS, FOR_TESTS, bringSystemPackages } from './bootstrap/system-packages.mjs'

async function bench() {
  requireBootstrapNode()
  await bringDependencies()
  const node = requireProductNode()
  const args = process.argv.slice(2)
  const name = args.find((arg) => !arg.startsWith('--'))
  const known = listBenches()
  if (!name)
    return say(
      `Benchmarks (npm run bench NAME [-- --quick] [-- --json]):\n${known.map((each) => `  ${each}`).join('\n')}`,
    )
  if (!known.includes(name)) throw new Stop(`There is no benchmark ${name}. There are: ${known.join(', ')}.`)
  await bringSystemPackages(name === 'app' ? [...FOR_TESTS, ...FOR_BROWSER_TESTS] : FOR_TESTS)
  if (name === 'app') await bringLighthouse()
  await buildApp(node)
  await buildDefaultModel(node)
  const rest = args.filter((arg) => arg !== name)
  await handOver(node, inRoot('tests', 'bench', `${name}.bench.ts`), rest)
}

const SUFFIX = '.bench.ts'

function listBenches() {
  const files = readdirSync(inRoot('tests', 'bench')).filter((file) => file.endsWith(SUFFIX))
  return files.map((file) => file.slice(0, -SUFFIX.length)).sort()
}

bench().catch(endOn)
