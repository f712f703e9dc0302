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
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { controlText } from './control.ts'
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
    normalise(root)
    const installedKb = Math.ceil(sizeOf(root) / 1024)
    writeControl(root, controlText({ version, architecture, installedKb }))
    setTimes(root, sourceDateEpochS)
    const file = join(outFolder, `lares_${version}_${architecture}.deb`)
    mkdirSync(outFolder, { recursive: true })
    // One thread: how xz divides its work among several would show in the bytes.
    const how = ['--root-owner-group', `-Z${compression}`, '--threads-max=1']
    execFileSync('dpkg-deb', [...how, '--build', root, file], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceDateEpochS) },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return file
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
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

function writeControl(root: string, control: string): void {
  const folder = join(root, 'DEBIAN')
  const sums = filesBelow(root).map(
    (file) =>
      `${createHash('md5')
        .update(readFileSync(join(root, file)))
        .digest('hex')}  ${file}`,
  )
  mkdirSync(folder, { mode: 0o755 })
  writeFileSync(join(folder, 'control'), control)
  writeFileSync(join(folder, 'conffiles'), `${CONFFILES.join('\n')}\n`)
  writeFileSync(join(folder, 'md5sums'), `${sums.join('\n')}\n`)
  for (const name of SCRIPTS) {
    cpSync(new URL(name, FILES), join(folder, name))
    chmodSync(join(folder, name), 0o755)
  }
}

const everything = (root: string): string[] =>
  (readdirSync(root, { recursive: true }) as string[]).sort().map((path) => join(root, path))

function filesBelow(root: string): string[] {
  const files = everything(root).filter((path) => lstatSync(path).isFile())
  return files.map((path) => path.slice(root.length + 1))
}

/** Whoever builds may have any umask: folders and programs are open to read and run, files to read. */
function normalise(root: string): void {
  chmodSync(root, 0o755)
  for (const path of everything(root)) {
    const info = lstatSync(path)
    if (info.isSymbolicLink()) continue
    chmodSync(path, info.isDirectory() || (info.mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
}

function setTimes(root: string, epochS: number): void {
  for (const path of [...everything(root), root]) lutimesSync(path, epochS, epochS)
}

function sizeOf(root: string): number {
  return everything(root).reduce((sum, path) => sum + lstatSync(path).size, 0)
}
