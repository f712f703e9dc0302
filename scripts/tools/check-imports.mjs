// Checks who imports whom (import-rules.mjs) in appliance/ and pwa/. Fails too when it saw hardly any file.
import { cruise } from 'dependency-cruiser'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rules } from './import-rules.mjs'

// Without a TypeScript that it can use, dependency-cruiser looks at nothing and calls that a success.
const FEWEST_MODULES = 40

process.chdir(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

const { output } = await cruise(['appliance/src', 'pwa/src'], {
  ruleSet: rules,
  validate: true,
  tsPreCompilationDeps: 'specify',
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '/dist/' },
  enhancedResolveOptions: {
    extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    conditionNames: ['import', 'node', 'default', 'types'],
    exportsFields: ['exports'],
  },
})

const { violations } = output.summary
for (const { rule, from, to } of violations) {
  const words = rules.forbidden.find(({ name }) => name === rule.name)?.comment
  console.log(`${from} → ${to}\n    ${rule.name}: ${words}`)
}
const ownModules = output.modules.filter(({ source }) => /^(appliance|pwa)\/src\//.test(source)).length
console.log(`${ownModules} files, ${violations.length} violations`)
if (ownModules < FEWEST_MODULES)
  console.log(`Fewer than ${FEWEST_MODULES} files were seen: TypeScript is missing in scripts/tools.`)
process.exitCode = violations.length > 0 || ownModules < FEWEST_MODULES ? 1 : 0
