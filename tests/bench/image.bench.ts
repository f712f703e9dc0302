// How large the image and the package are, and what npm run image:test measured in the running box: boot ratio and exposure.
// `npm run image -- --bundle` and `npm run image:test` come first; what they have not made or measured is left out, and said.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Results } from '../image-boot/results.ts'
import { report } from './report.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const out = join(repository, '.out')
const MB = 1024 * 1024
const GOALS = {
  compressed_mb: { atMost: 400 },
  deb_mb: { atMost: 120 },
  boot_ratio: { atMost: 1.3 },
  exposure: { atMost: 2.0 },
  idle_writes_mb_a_day: { atMost: 50 },
}

const figures: Record<string, number> = {}
const conditions: Record<string, string> = {}

measureSize('compressed_mb', newest(join(out, 'image'), /-rpi-arm64\.img\.(xz|zst)$/), 'npm run image')
measureSize('deb_mb', newest(out, /^lares_.*_arm64\.deb$/), 'npm run package -- --arch arm64')
takeMeasured()
report({ bench: 'image', figures, conditions, goals: GOALS })
const missing = Object.keys(GOALS).filter((key) => figures[key] === undefined)
if (missing.length > 0) {
  console.log(`\nNot measured: ${missing.join(', ')}.`)
  process.exitCode = 1
}

function measureSize(key: string, file: string | null, command: string): void {
  if (file === null) conditions[key] = `not built: ${command}`
  else {
    figures[key] = statSync(file).size / MB
    conditions[key] = file.slice(repository.length)
  }
}

function newest(folder: string, pattern: RegExp): string | null {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : []
  const files = names.map((name) => join(folder, name))
  return files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0] ?? null
}

/** Boots take longer than a bench should: these come from the last image:test, with the hash of the image that it booted. */
function takeMeasured(): void {
  const file = join(out, 'image-test', 'results.json')
  if (!existsSync(file)) return void (conditions['in the running box'] = 'not measured: npm run image:test')
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results
  for (const key of Object.keys(GOALS)) if (results.figures[key] !== undefined) figures[key] ??= results.figures[key]
  conditions['in the running box'] =
    `image ${results.imageSha256.slice(0, 16)}, measured ${statSync(file).mtime.toISOString().slice(0, 16)}`
}
