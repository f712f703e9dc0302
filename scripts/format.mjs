// npm run format: lets prettier write what `npm run check` would complain about. `npm run format -- FILES` for some only.
import { bringTools } from './bootstrap/dependencies.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { inRoot } from './bootstrap/places.mjs'
import { endOn } from './bootstrap/say.mjs'

async function format() {
  await bringTools()
  const files = process.argv.slice(2)
  const prettier = inRoot('scripts', 'tools', 'node_modules', 'prettier', 'bin', 'prettier.cjs')
  await handOver(process.execPath, prettier, ['--write', '--log-level', 'warn', ...(files.length > 0 ? files : ['.'])])
}

format().catch(endOn)
