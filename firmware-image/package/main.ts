// Builds the Debian package: main.ts [--arch amd64|arm64] [--out FOLDER]; with --payload FOLDER only what goes into it; with
// --accelerators only the small packages for chips with a sidecar, for every processor or for the one that --arch names.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { arch } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { VERSION } from '../../appliance/src/core/version.ts'
import { LAYERS } from '../accelerators/layers.ts'
import { packLayer } from '../accelerators/pack.ts'
import { packDeb } from './deb.ts'
import { buildPayload } from './payload.ts'
import { TARGETS, isArchitecture, type Architecture } from './targets.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const { values } = parseArgs({
  options: {
    arch: { type: 'string' },
    payload: { type: 'string' },
    accelerators: { type: 'boolean', default: false },
    out: { type: 'string', default: `${repository}/.out` },
  },
})
const architecture = values.arch ?? (arch === 'arm64' ? 'arm64' : 'amd64')
if (!isArchitecture(architecture)) {
  console.error(`There is no architecture ${architecture}. There are: ${Object.keys(TARGETS).join(', ')}.`)
  process.exit(2)
}
if (values.accelerators) buildLayers(values.arch === undefined ? null : architecture)
else if (values.payload === undefined) buildPackage(architecture)
else buildPayload({ repository, architecture, target: resolve(values.payload) })

function buildPackage(architecture: Architecture): void {
  const payload = mkdtempSync(join(tmpdir(), 'lares-payload-'))
  try {
    buildPayload({ repository, architecture, target: payload })
    const file = packDeb({
      ...{ repository, payload, architecture, version: VERSION, outFolder: values.out, compression: 'xz' },
      sourceDateEpochS: epochS(),
    })
    console.log(`${file} (${(statSync(file).size / 1024 / 1024).toFixed(1)} MB)`)
  } finally {
    rmSync(payload, { recursive: true, force: true })
  }
}

/** All of them in a second or two: they hold no program. */
function buildLayers(only: Architecture | null): void {
  for (const layer of LAYERS) {
    for (const architecture of layer.architectures.filter((each) => only === null || each === only)) {
      const file = packLayer(layer, {
        ...{ architecture, version: VERSION, outFolder: values.out, compression: 'xz' },
        sourceDateEpochS: epochS(),
      })
      console.log(`${file} (${(statSync(file).size / 1024).toFixed(1)} KB)`)
    }
  }
}

function epochS(): number {
  return Number(process.env.SOURCE_DATE_EPOCH ?? lastChangeS())
}

/** When the sources were last changed, as git knows it. */
function lastChangeS(): string {
  return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: repository, encoding: 'utf8' }).trim()
}
