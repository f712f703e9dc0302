// Builds the Raspberry Pi image: main.ts [--bundle] [--no-compress] [--quick] [--key PEM --cert PEM --keyring PEM] [--deb FILE]
//   [--out FOLDER] [--deb-cache FOLDER] [--base-url URL]. Needs root, a Debian, and the packages of FOR_IMAGE.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { VERSION } from '../../appliance/src/core/version.ts'
import { packDeb } from '../package/deb.ts'
import { buildPayload } from '../package/payload.ts'
import { assemble, type Assembled } from './assemble.ts'
import { bringBase } from './base.ts'
import { bundleName, makeBundle } from './bundle.ts'
import { customise } from './customise.ts'
import { bringEmulation } from './emulation.ts'
import { MB } from './layout.ts'
import { compressImage, writeChecksums, writeImagerManifest, writeSbom } from './release.ts'
import { createSteps } from './steps.ts'
import { bringTestKeys, type UpdateKeys } from './update-keys.ts'
import { makeWorkFolder, removeDeadWorkFolders } from './work-folder.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const { values } = parseArgs({
  options: {
    bundle: { type: 'boolean', default: false },
    compress: { type: 'boolean', default: true },
    quick: { type: 'boolean', default: false },
    key: { type: 'string' },
    cert: { type: 'string' },
    keyring: { type: 'string' },
    deb: { type: 'string' },
    out: { type: 'string', default: `${repository}/.out/image` },
    'deb-cache': { type: 'string', default: `${repository}/.cache/image/debs` },
    'base-url': { type: 'string', default: 'https://lares.example/releases/' },
  },
  allowNegative: true,
})
const epochS = Number(process.env.SOURCE_DATE_EPOCH ?? lastChangeS())
process.env.SOURCE_DATE_EPOCH = String(epochS)
const cacheFolder = join(repository, '.cache', 'image')
const outFolder = resolve(values.out)
const { step, times } = createSteps((line) => console.log(line))
const keys = chooseKeys()
build()

function build(): void {
  if (process.getuid?.() !== 0)
    stop('The image is built as root: file systems with owners and a chroot need it. Try: sudo npm run image')
  for (const folder of removeDeadWorkFolders(tmpdir()))
    console.log(`  ! Removed ${folder}: left by a build that was killed.`)
  const work = makeWorkFolder(tmpdir())
  try {
    mkdirSync(outFolder, { recursive: true })
    const root = join(work, 'root')
    step('Emulation of arm64', () => bringEmulation())
    const deb =
      values.deb === undefined ? step('Package of Lares for arm64', () => buildPackage(work)) : resolve(values.deb)
    const debFolder = resolve(values['deb-cache'])
    step('Debian 13 for arm64 (ten minutes the first time, kept afterwards)', () =>
      bringBase({ cacheFolder, debFolder, target: root }),
    )
    step('What makes it Lares', () => customise({ root, deb, version: VERSION, keyring: keys.keyring, cacheFolder }))
    const made = step('File systems and partitions', () =>
      assemble({ root, outFolder, sourceDateEpochS: epochS, effort: values.quick ? 'quick' : 'release' }),
    )
    report(finish(made, root))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Everything beside the image itself; returns the files that are given to people. */
function finish(made: Assembled, root: string): string[] {
  const bom = join(outFolder, 'lares.cdx.json')
  step('List of what is inside', () =>
    writeSbom({ root, repository, file: bom, version: VERSION, sourceDateEpochS: epochS }),
  )
  cpSync(join(root, 'usr/share/lares/packages.tsv'), join(outFolder, 'packages.tsv'))
  const files = [bom]
  if (values.bundle) {
    const file = join(outFolder, bundleName(VERSION))
    step('Signed update', () => makeBundle({ made, version: VERSION, keys, file }))
    files.push(file)
  }
  if (values.compress) {
    const compressed = join(outFolder, `lares-${VERSION}-rpi-arm64.img.xz`)
    step('Compressing', () => compressImage(made.image, compressed))
    const release = {
      image: made.image,
      compressed,
      version: VERSION,
      baseUrl: values['base-url'],
      sourceDateEpochS: epochS,
    }
    files.push(compressed, writeImagerManifest(release))
  }
  files.push(...writeChecksums(outFolder, files, keys))
  return [made.image, ...files]
}

function buildPackage(work: string): string {
  const payload = join(work, 'payload')
  buildPayload({ repository, architecture: 'arm64', target: payload })
  return packDeb({
    ...{ repository, payload, architecture: 'arm64', version: VERSION, outFolder: work, compression: 'none' },
    sourceDateEpochS: epochS,
  })
}

function chooseKeys(): UpdateKeys {
  const { key, cert, keyring } = values
  if (key !== undefined && cert !== undefined) {
    return { key: resolve(key), cert: resolve(cert), keyring: resolve(keyring ?? cert) }
  }
  if (key !== undefined || cert !== undefined) stop('--key and --cert belong together.')
  console.log(
    '  ! Signed with throw-away keys (.cache/image/test-keys): to try out, not to give to anybody. See --key and --cert.',
  )
  return bringTestKeys(join(cacheFolder, 'test-keys'))
}

function report(files: readonly string[]): void {
  const total = times.reduce((sum, { seconds }) => sum + seconds, 0)
  console.log('')
  for (const file of files) console.log(`${(statSync(file).size / MB).toFixed(1).padStart(9)} MB  ${file}`)
  for (const { name, seconds } of times) console.log(`${String(seconds).padStart(9)} s   ${name}`)
  console.log(`${String(total).padStart(9)} s   in all`)
}

/** When the sources were last changed, as git knows it. */
function lastChangeS(): string {
  return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: repository, encoding: 'utf8' }).trim()
}

function stop(words: string): never {
  console.error(words)
  process.exit(2)
}
