import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, globSync, lstatSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { baseHash, kernelOf } from './base.ts'
import { missingModules } from './modules.ts'
import { linesOf, run, runInside } from './steps.ts'

export interface CustomiseOptions {
  /** The base, laid out; becomes what a box runs. */
  root: string
  /** The package of Lares for arm64. */
  deb: string
  version: string
  /** Certificate of who may sign updates (PEM). */
  keyring: string
  /** Keeps the start file, which takes minutes, until the base or its scripts change. */
  cacheFolder: string
}

const HERE = fileURLToPath(new URL('.', import.meta.url))
const OVERLAY = join(HERE, 'overlay')
const NAME = 'lares'
const NANOSECONDS = 1_000_000_000
/** Mount points of the running box, and folders that only exist over there. */
const FOLDERS = ['data', 'bootcfg', 'var/log', 'var/tmp', 'var/lib/NetworkManager', 'var/lib/systemd', 'var/lib/lares']
const WASTE = [
  'var/lib/systemd',
  'var/cache/apt',
  'var/lib/apt/lists',
  'var/log',
  'var/cache/debconf',
  'var/cache/ldconfig',
  'tmp',
  'boot/firmware',
]

/** Makes the base ours: files of the overlay, the package, what starts, who it is. */
export function customise(options: CustomiseOptions): void {
  const { root } = options
  layOverlay(root)
  withProc(root, () => {
    // Its number is ours to give (overlay/usr/lib/sysusers.d): the package would take the next free one.
    runInside(root, 'systemd-sysusers', '/usr/lib/sysusers.d/00-lares-image.conf')
    installPackage(root, options.deb)
    chooseUnits(root)
    runInside(root, 'passwd', '--lock', 'root')
    takeOut(root)
    makeStartFile(root, options.cacheFolder)
    writeFileSync(join(root, 'usr/share/lares/packages.tsv'), listPackages(root))
  })
  nameIt(options)
  clean(root)
}

/** Copies the overlay: for everybody to read and run, whatever the umask of whoever builds. */
export function layOverlay(root: string): void {
  cpSync(OVERLAY, root, { recursive: true, verbatimSymlinks: true })
  for (const path of readdirSync(OVERLAY, { recursive: true }) as string[]) {
    const place = join(root, path)
    const from = lstatSync(join(OVERLAY, path))
    if (from.isSymbolicLink()) continue
    chmodSync(place, from.isDirectory() || (from.mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
  mkdirSync(join(root, 'usr/share/lares'), { recursive: true })
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true })
}

function layLink(root: string, path: string, target: string): void {
  rmSync(join(root, path), { force: true })
  symlinkSync(target, join(root, path))
}

function withProc(root: string, work: () => void): void {
  run('mount', ['-t', 'proc', 'proc', join(root, 'proc')])
  try {
    work()
  } finally {
    run('umount', [join(root, 'proc')])
  }
}

function installPackage(root: string, deb: string): void {
  // Debian asks this before it starts a service; there is none to start.
  const policy = join(root, 'usr/sbin/policy-rc.d')
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  cpSync(deb, join(root, 'tmp/lares.deb'))
  runInside(root, 'dpkg', '--force-confold', '--force-unsafe-io', '--install', '/tmp/lares.deb')
  rmSync(join(root, 'tmp/lares.deb'))
  rmSync(policy)
}

/** What starts is what the preset names; what may never start is masked. */
function chooseUnits(root: string): void {
  runInside(root, 'systemctl', 'preset-all')
  for (const unit of linesOf(readFileSync(join(HERE, 'units.list'), 'utf8'))) {
    layLink(root, join('etc/systemd/system', unit), '/dev/null')
  }
}

function takeOut(root: string): void {
  for (const pattern of linesOf(readFileSync(join(HERE, 'unused.list'), 'utf8'))) {
    for (const path of globSync(pattern, { cwd: root })) rmSync(join(root, path), { recursive: true, force: true })
  }
  // What the cameras are read with must not have been linked with any of it.
  runInside(root, 'ffmpeg', '-hide_banner', '-version')
}

/** The first file system in memory, with the overlay's scripts; under one name, whatever the kernel's version. */
function makeStartFile(root: string, cacheFolder: string): void {
  const missing = missingModules(root)
  if (missing.length > 0) {
    throw new TypeError(`The kernel has no driver ${missing.join(', ')} (etc/initramfs-tools/modules).`)
  }
  const kept = join(cacheFolder, `start-${startFileHash()}.img`)
  if (!existsSync(kept)) {
    runInside(root, 'mkinitramfs', '-o', '/boot/initrd.img.new', kernelOf(root))
    for (const old of globSync('start-*.img', { cwd: cacheFolder })) rmSync(join(cacheFolder, old))
    cpSync(join(root, 'boot/initrd.img.new'), kept)
  }
  for (const old of globSync('initrd.img*', { cwd: join(root, 'boot') })) rmSync(join(root, 'boot', old))
  cpSync(kept, join(root, 'boot/initrd.img'))
}

/** Changes whenever the start file would: with the base it is made of, and the scripts and lists of ours. */
export function startFileHash(): string {
  const folder = join(OVERLAY, 'etc/initramfs-tools')
  const hash = createHash('sha256').update(baseHash())
  for (const path of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const file = join(folder, path)
    if (lstatSync(file).isFile()) hash.update(`${path}\n`).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

/** Name, version, architecture, size, source of each Debian package, for the list of what is inside. */
function listPackages(root: string): string {
  const format = '${Package}\\t${Version}\\t${Architecture}\\t${Installed-Size}\\t${source:Package}\\n'
  return runInside(root, 'dpkg-query', '-W', '-f', format)
}

function nameIt({ root, version, keyring }: CustomiseOptions): void {
  const write = (path: string, text: string): void => writeFileSync(join(root, path), text, { mode: 0o644 })
  write('usr/share/lares/image-version', `${version}\n`)
  cpSync(keyring, join(root, 'usr/share/lares/update-keyring.pem'))
  write('etc/hostname', `${NAME}\n`)
  write('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${NAME}\n::1 localhost ip6-localhost ip6-loopback\n`)
  // Each box makes its own (initramfs-tools/scripts/init-bottom).
  write('etc/machine-id', '')
  layLink(root, 'var/lib/dbus/machine-id', '/etc/machine-id')
  layLink(root, 'etc/resolv.conf', '../run/systemd/resolve/stub-resolv.conf')
  layLink(root, 'etc/systemd/system/default.target', '/usr/lib/systemd/system/multi-user.target')
  // Nothing has to be brought up to date at a start: the files are as new as /usr itself.
  const usrNs = BigInt(Math.floor(statSync(join(root, 'usr')).mtimeMs / 1000) + 1) * BigInt(NANOSECONDS)
  for (const place of ['etc/.updated', 'var/.updated']) write(place, `TIMESTAMP_NSEC=${usrNs}\n`)
}

function clean(root: string): void {
  for (const folder of WASTE) {
    rmSync(join(root, folder), { recursive: true, force: true })
    mkdirSync(join(root, folder), { recursive: true, mode: folder === 'tmp' ? 0o1777 : 0o755 })
  }
  chmodSync(join(root, 'tmp'), 0o1777)
  for (const file of ['var/lib/dpkg/status-old', 'var/lib/dpkg/diversions-old']) {
    rmSync(join(root, file), { force: true })
  }
  // Host keys are made by the box that wants ssh, never shared by all boxes.
  for (const name of readdirSync(join(root, 'etc/ssh'))) {
    if (name.startsWith('ssh_host_')) rmSync(join(root, 'etc/ssh', name))
  }
  if (existsSync(join(root, 'usr/bin/qemu-aarch64-static'))) rmSync(join(root, 'usr/bin/qemu-aarch64-static'))
}
