import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { controlText } from './control.ts'
import { everything, openToRead } from './modes.ts'
import type { Architecture } from './targets.ts'

export interface DebOptions {
  repository: string
  /** What `buildPayload` made. */
  payload: string
  architecture: Architecture
  version: string
  /** Folder that gets `lares_<version>_<arch>.deb`. */
  outFolder: string
  /** Seconds since 1970 that every file is said to be from: the same sources give the same bytes. */
  sourceDateEpochS: number
  /** `xz` for people, `none` for tests that build it only to install it at once. */
  compression: 'xz' | 'none'
}

const FILES = new URL('./files/', import.meta.url)
/** Where each file of `files/` goes. */
const PLACES = {
  'lares.service': { to: 'usr/lib/systemd/system/lares.service', mode: 0o644 },
  'lares-host.service': { to: 'usr/lib/systemd/system/lares-host.service', mode: 0o644 },
  'lares-host.socket': { to: 'usr/lib/systemd/system/lares-host.socket', mode: 0o644 },
  'lares.sysusers': { to: 'usr/lib/sysusers.d/lares.conf', mode: 0o644 },
  'lares.tmpfiles': { to: 'usr/lib/tmpfiles.d/lares.conf', mode: 0o644 },
  'lares.conf': { to: 'etc/lares/lares.conf', mode: 0o644 },
  lares: { to: 'usr/bin/lares', mode: 0o755 },
} as const
const CONFFILES = ['/etc/lares/lares.conf']
const SCRIPTS = ['postinst', 'prerm', 'postrm'] as const

/** Builds the package; returns its path. Two runs over the same sources give the same bytes. */
export function packDeb(options: DebOptions): string {
  const { repository, payload, architecture, version, outFolder, sourceDateEpochS, compression } = options
  const root = mkdtempSync(join(tmpdir(), 'lares-deb-'))
  try {
    cpSync(payload, join(root, 'usr/lib/lares'), { recursive: true, verbatimSymlinks: true })
    layFiles(root, repository)
    return sealDeb({
      ...{ root, sourceDateEpochS, compression, conffiles: CONFFILES, scripts: ownScripts() },
      file: join(outFolder, `lares_${version}_${architecture}.deb`),
      control: (installedKb) => controlText({ version, architecture, installedKb }),
    })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const ownScripts = (): SealOptions['scripts'] =>
  Object.fromEntries(SCRIPTS.map((name) => [name, readFileSync(new URL(name, FILES), 'utf8')]))

export interface SealOptions extends Pick<DebOptions, 'sourceDateEpochS' | 'compression'> {
  /** Tree of what is to be installed; gets `DEBIAN/`, and modes and times that do not depend on who builds. */
  root: string
  /** The package to write. */
  file: string
  /** Text of the control file, once the size is known. */
  control(installedKb: number): string
  conffiles: readonly string[]
  /** Maintainer scripts by name: `postinst`, `prerm`, `postrm`. */
  scripts: Readonly<Record<string, string>>
}

/** Makes a package of a tree; returns its path. */
export function sealDeb({ root, file, control, conffiles, scripts, ...how }: SealOptions): string {
  openToRead(root)
  const installedKb = Math.ceil(sizeOf(root) / 1024)
  writeControl(root, control(installedKb), conffiles, scripts)
  setTimes(root, how.sourceDateEpochS)
  mkdirSync(dirname(file), { recursive: true })
  // One thread: how xz divides its work among several would show in the bytes.
  const args = ['--root-owner-group', `-Z${how.compression}`, '--threads-max=1']
  execFileSync('dpkg-deb', [...args, '--build', root, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(how.sourceDateEpochS) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return file
}

function layFiles(root: string, repository: string): void {
  for (const [name, { to, mode }] of Object.entries(PLACES)) {
    mkdirSync(dirname(join(root, to)), { recursive: true })
    cpSync(new URL(name, FILES), join(root, to))
    chmodSync(join(root, to), mode)
  }
  const manual = join(root, 'usr/share/man/man1')
  mkdirSync(manual, { recursive: true })
  // Without a time of its own: gzip would write the time of the build.
  writeFileSync(join(manual, 'lares.1.gz'), gzipSync(readFileSync(new URL('lares.1', FILES)), { level: 9 }))
  const papers = join(root, 'usr/share/doc/lares')
  mkdirSync(papers, { recursive: true })
  cpSync(join(repository, 'CHANGELOG.md'), join(papers, 'CHANGELOG.md'))
  cpSync(new URL('copyright', FILES), join(papers, 'copyright'))
}

function writeControl(
  root: string,
  control: string,
  conffiles: readonly string[],
  scripts: Readonly<Record<string, string>>,
): void {
  const folder = join(root, 'DEBIAN')
  const sums = filesBelow(root).map(
    (file) =>
      `${createHash('md5')
        .update(readFileSync(join(root, file)))
        .digest('hex')}  ${file}`,
  )
  mkdirSync(folder, { mode: 0o755 })
  writeFileSync(join(folder, 'control'), control)
  if (conffiles.length > 0) writeFileSync(join(folder, 'conffiles'), `${conffiles.join('\n')}\n`)
  writeFileSync(join(folder, 'md5sums'), `${sums.join('\n')}\n`)
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), 0o755)
  }
}

function filesBelow(root: string): string[] {
  const files = everything(root).filter((path) => lstatSync(path).isFile())
  return files.map((path) => path.slice(root.length + 1))
}

function setTimes(root: string, epochS: number): void {
  for (const path of [...everything(root), root]) lutimesSync(path, epochS, epochS)
}

function sizeOf(root: string): number {
  return everything(root).reduce((sum, path) => sum + lstatSync(path).size, 0)
}
