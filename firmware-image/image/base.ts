import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { linesOf, run } from './steps.ts'

/** The first file system before anything of ours is in it: Debian 13 for arm64 with the packages of packages.list. */
export interface BaseOptions {
  /** Keeps the finished base between builds. */
  cacheFolder: string
  /** Keeps the packages between builds. */
  debFolder: string
  /** Where the base is laid out; made new. */
  target: string
}

const HERE = fileURLToPath(new URL('.', import.meta.url))
const SUITE = 'trixie'
const MIRROR = 'http://deb.debian.org/debian'
const SECURITY = 'http://deb.debian.org/debian-security'
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
/** A different recipe makes a different base: a number to raise when this file changes what comes out. */
const RECIPE = 1
const INITRAMFS = 'overlay/etc/initramfs-tools'
const INPUTS = ['packages.list', 'left-out.list', 'backports.pref']

/** Changes whenever the base would. */
export function baseHash(): string {
  const hash = createHash('sha256').update(`recipe ${RECIPE}\n${SUITE}\n`)
  for (const file of INPUTS) hash.update(`${file}\n`).update(readFileSync(join(HERE, file)))
  return hash.digest('hex').slice(0, 16)
}

export const baseFile = (cacheFolder: string): string => join(cacheFolder, `base-${baseHash()}.tar.zst`)

/** Lays out the base: unpacked when it has been built before, built otherwise. */
export function bringBase(options: BaseOptions): 'cached' | 'built' {
  const kept = baseFile(options.cacheFolder)
  rmSync(options.target, { recursive: true, force: true })
  if (existsSync(kept)) {
    mkdirSync(options.target, { recursive: true })
    run('tar', [...WITH_ATTRIBUTES, '--zstd', '-xf', kept, '-C', options.target])
    return 'cached'
  }
  buildBase(options)
  keepBase(options.target, options.cacheFolder)
  return 'built'
}

const WITH_ATTRIBUTES = ['--numeric-owner', '--xattrs', '--xattrs-include=*']

/** Keeps a base that was laid out as `target`, for the next build. */
export function keepBase(target: string, cacheFolder: string): void {
  mkdirSync(cacheFolder, { recursive: true })
  const kept = baseFile(cacheFolder)
  const left = ['./proc/*', './sys/*', './dev/*', './var/cache/apt/archives/*'].map((path) => `--exclude=${path}`)
  run('tar', [...WITH_ATTRIBUTES, ...left, '-I', 'zstd -3 -T0', '-cf', `${kept}.new`, '-C', target, '.'])
  renameSync(`${kept}.new`, kept)
  for (const old of globSync('base-*.tar.zst', { cwd: cacheFolder })) {
    if (join(cacheFolder, old) !== kept) rmSync(join(cacheFolder, old))
  }
}

function buildBase({ target, debFolder }: BaseOptions): void {
  mkdirSync(debFolder, { recursive: true })
  run('mmdebstrap', mmdebstrapArguments(target, debFolder), { stdio: ['ignore', 'inherit', 'inherit'] })
}

/** The call that builds the base; hooks are shell words, run with the new root as `$1`. */
export function mmdebstrapArguments(target: string, debFolder: string): string[] {
  const listed = (file: string): string[] => linesOf(readFileSync(join(HERE, file), 'utf8'))
  const packages = `${JSON.stringify(debFolder)}/*.deb`
  const archives = '"$1"/var/cache/apt/archives'
  const source = (mirror: string, suite: string): string =>
    `deb [signed-by=${KEYRING}] ${mirror} ${suite} main non-free-firmware`
  return [
    ...['--architectures=arm64', '--variant=minbase', '--format=directory', `--include=${listed('packages.list').join(',')}`],
    ...listed('left-out.list').map((path) => `--dpkgopt=path-exclude=${path}`),
    ...['path-include=/usr/share/doc/*/copyright', 'force-unsafe-io', 'force-confold'].map((word) => `--dpkgopt=${word}`),
    ...['--aptopt=Apt::Install-Recommends "false"', '--aptopt=Acquire::Languages "none"'],
    '--skip=download/empty,essential/unlink',
    `--setup-hook=mkdir -p "$1/etc/apt/preferences.d" ${archives}`,
    `--setup-hook=cp ${JSON.stringify(join(HERE, 'backports.pref'))} "$1/etc/apt/preferences.d/backports.pref"`,
    `--setup-hook=cp -n ${packages} ${archives}/ 2>/dev/null || true`,
    // The kernel's own script makes a start file: with our list of modules at once, not with a guess about this machine.
    `--essential-hook=mkdir -p "$1/etc/initramfs-tools" && cp -r ${JSON.stringify(join(HERE, INITRAMFS))}/. "$1/etc/initramfs-tools/"`,
    `--customize-hook=cp -n ${archives}/*.deb ${JSON.stringify(debFolder)}/ 2>/dev/null || true`,
    ...[SUITE, target],
    ...[source(MIRROR, SUITE), source(MIRROR, `${SUITE}-updates`)],
    ...[source(SECURITY, `${SUITE}-security`), source(MIRROR, `${SUITE}-backports`)],
  ]
}

/** The newest kernel in a root file system. */
export function kernelOf(root: string): string {
  const versions = readdirSync(join(root, 'usr/lib/modules')).sort(new Intl.Collator('en', { numeric: true }).compare)
  const newest = versions.at(-1)
  if (newest === undefined) throw new TypeError(`There is no kernel in ${root}.`)
  return newest
}

