import { createHash } from 'node:crypto'
import { closeSync, globSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readBoard } from './assemble.ts'
import { imagerManifest } from './imager-manifest.ts'
import { debianComponents, npmComponents, sbom } from './sbom.ts'
import { run } from './steps.ts'
import type { UpdateKeys } from './update-keys.ts'

const CHUNK_BYTES = 4 * 1024 * 1024

export function sha256Of(file: string): string {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const handle = openSync(file, 'r')
  try {
    for (;;) {
      const bytes = readSync(handle, chunk)
      if (bytes === 0) return hash.digest('hex')
      hash.update(chunk.subarray(0, bytes))
    }
  } finally {
    closeSync(handle)
  }
}

/** Compresses the image. Blocks of one size: how many threads there are does not show in the bytes. */
export function compressImage(image: string, target: string): void {
  // Most of it is compressed already; more effort than this buys nothing.
  run('sh', ['-c', 'exec xz --keep --stdout --threads=0 --block-size=16MiB -3 "$1" > "$2"', 'sh', image, target])
}

export interface ReleaseOptions {
  image: string
  compressed: string
  version: string
  /** Where the files of the release will be found. */
  baseUrl: string
  sourceDateEpochS: number
}

/** The entry for Raspberry Pi Imager. */
export function writeImagerManifest({ image, compressed, version, baseUrl, sourceDateEpochS }: ReleaseOptions): string {
  const file = join(dirname(compressed), 'lares.rpi-imager-manifest')
  const entry = {
    ...{ version, url: new URL(basename(compressed), baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`).href },
    ...{ extractBytes: statSync(image).size, extractSha256: sha256Of(image) },
    ...{ downloadBytes: statSync(compressed).size, downloadSha256: sha256Of(compressed) },
    releaseDay: new Date(sourceDateEpochS * 1000).toISOString().slice(0, 10),
    devices: readBoard().imagerDevices,
  }
  writeFileSync(file, imagerManifest(entry))
  return file
}

/** SHA256SUMS over `files`, and its signature by the key that also signs updates. */
export function writeChecksums(folder: string, files: readonly string[], keys: UpdateKeys): string[] {
  const sums = join(folder, 'SHA256SUMS')
  const lines = files.map((file) => `${sha256Of(file)}  ${basename(file)}\n`).sort()
  writeFileSync(sums, lines.join(''))
  run('openssl', ['dgst', '-sha256', '-sign', keys.key, '-out', `${sums}.sig`, sums])
  return [sums, `${sums}.sig`]
}

/** Name and version of each npm module in a root file system. */
export function modulesIn(root: string): Set<string> {
  const modules = join(root, 'usr/lib/lares/node_modules')
  const manifests = globSync('**/package.json', { cwd: modules })
  const named = manifests.map((file) => JSON.parse(readFileSync(join(modules, file), 'utf8')) as { name?: string; version?: string })
  return new Set(named.filter(({ name, version }) => name && version).map(({ name, version }) => `${name}@${version}`))
}

/** The list of everything inside, npm and Debian. */
export function writeSbom(options: { root: string; repository: string; file: string; version: string; sourceDateEpochS: number }): void {
  const { root, repository, file, version, sourceDateEpochS } = options
  const how = ['--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev', '--loglevel=error']
  const told = JSON.parse(run('npm', ['sbom', ...how], { cwd: repository })) as Parameters<typeof npmComponents>[0]
  const debian = debianComponents(readFileSync(join(root, 'usr/share/lares/packages.tsv'), 'utf8'))
  rmSync(file, { force: true })
  writeFileSync(file, sbom({ version, debian, npm: npmComponents(told, modulesIn(root)), sourceDateEpochS }))
}
