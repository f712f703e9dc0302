import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kernelOf } from './base.ts'
import { linesOf, run, runInside } from './steps.ts'

export interface CustomiseOptions {
  /** The base, laid out; becomes what a box runs. */
  root: string
  /** The package of Lares for arm64. */
  deb: string
  version: string
  /** Certificate of who may sign updates (PEM). */
  keyring: string
}

const HERE = fileURLToPath(new URL('.', import.meta.url))
const OVERLAY = join(HERE, 'overlay')
const NAME = 'lares'
const NANOSECONDS = 1_000_000_000
/** Mount points of the running box, and folders that only exist over there. */
const FOLDERS = ['data', 'bootcfg', 'var/log', 'var/tmp', 'var/lib/NetworkManager', 'var/lib/systemd', 'var/lib/lares']
const WASTE = ['var/cache/apt', 'var/lib/apt/lists', 'var/log', 'var/cache/debconf', 'var/cache/ldconfig', 'tmp', 'boot/firmware']

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
    makeStartFile(root)
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
    const place = join(root, 'etc/systemd/system', unit)
    rmSync(place, { force: true })
    symlinkSync('/dev/null', place)
  }
}

/** The first file system in memory, with the overlay's scripts; under one name, whatever the kernel's version. */
function makeStartFile(root: string): void {
  const kernel = kernelOf(root)
  runInside(root, 'mkinitramfs', '-o', '/boot/initrd.img.new', kernel)
  for (const old of readdirSync(join(root, 'boot')).filter((name) => /^initrd\.img(-|$)/.test(name))) {
    if (old !== 'initrd.img.new') rmSync(join(root, 'boot', old))
  }
  renameSync(join(root, 'boot/initrd.img.new'), join(root, 'boot/initrd.img'))
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
  rmSync(join(root, 'var/lib/dbus/machine-id'), { force: true })
  write('etc/machine-id', '')
  rmSync(join(root, 'etc/resolv.conf'), { force: true })
  symlinkSync('../run/systemd/resolve/stub-resolv.conf', join(root, 'etc/resolv.conf'))
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
  for (const file of ['var/lib/dpkg/status-old', 'var/lib/dpkg/diversions-old', 'var/lib/systemd/random-seed']) {
    rmSync(join(root, file), { force: true })
  }
  // Host keys are made by the box that wants ssh, never shared by all boxes.
  for (const name of readdirSync(join(root, 'etc/ssh'))) {
    if (name.startsWith('ssh_host_')) rmSync(join(root, 'etc/ssh', name))
  }
  if (existsSync(join(root, 'usr/bin/qemu-aarch64-static'))) rmSync(join(root, 'usr/bin/qemu-aarch64-static'))
}
