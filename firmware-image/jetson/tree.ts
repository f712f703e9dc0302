import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { MARKER } from './checks.ts'
import type { Host } from './host.ts'
import { readSettings, type JetsonOptions } from './options.ts'
import { branchOf, isSameRelease, readTegraRelease, words, type Release } from './releases.ts'
import { JetsonStop } from './stop.ts'

const rootfsOf = ({ l4t }: JetsonOptions): string => join(l4t, 'rootfs')

/** Unpacks NVIDIA's root file system from nothing: half of an earlier one would be a system that fails months later. */
export function unpack(host: Host, options: JetsonOptions, release: Release): void {
  const rootfs = rootfsOf(options)
  writeFileSync(join(options.l4t, MARKER), `${words(release)}\n`)
  for (const name of readdirSync(rootfs)) rmSync(join(rootfs, name), { recursive: true, force: true })
  host.run('tar', [
    '--extract',
    '--preserve-permissions',
    '--numeric-owner',
    '--file',
    options.rootfs,
    '--directory',
    rootfs,
  ])
  const missing = ['etc/os-release', 'usr/bin/dpkg', 'var/lib/dpkg/status', 'etc/passwd'].filter(
    (path) => !existsSync(join(rootfs, path)),
  )
  if (missing.length > 0)
    throw new JetsonStop(`${options.rootfs} holds no whole Ubuntu: ${missing.join(', ')} is missing.`)
  const version = /^VERSION_ID="?([\d.]+)"?$/m.exec(readFileSync(join(rootfs, 'etc/os-release'), 'utf8'))?.[1]
  const { ubuntu } = branchOf(release)
  if (version !== ubuntu)
    throw new JetsonStop(
      `${options.rootfs} holds version ${version ?? 'unknown'}; ${words(release)} needs Ubuntu ${ubuntu}.`,
    )
}

/** NVIDIA's own step: kernel, drivers and firmware of the board support package into the tree. */
export function applyBinaries(host: Host, options: JetsonOptions, release: Release): void {
  host.run('./apply_binaries.sh', [], options.l4t)
  const file = join(rootfsOf(options), 'etc/nv_tegra_release')
  const applied = existsSync(file) ? readTegraRelease(readFileSync(file, 'utf8')) : null
  if (!applied)
    throw new JetsonStop('apply_binaries.sh ended, but the tree does not say a release: its words stand above.')
  if (!isSameRelease(applied, release))
    throw new JetsonStop(`apply_binaries.sh made ${words(applied)} of it instead of ${words(release)}.`)
}

/** Installs the packages as apt would on the board, with the network of this PC and without starting anything. */
export function installPackages(host: Host, options: JetsonOptions): void {
  const rootfs = rootfsOf(options)
  const staging = join(rootfs, 'var/cache/lares-install')
  mkdirSync(staging, { recursive: true })
  for (const file of options.debs) copyFileSync(file, join(staging, basename(file)))
  const inside = (...args: string[]): void => host.run('chroot', [rootfs, ...args])
  withGuest(host, rootfs, () => {
    inside('apt-get', 'update', '-q')
    const debs = options.debs.map((file) => `/var/cache/lares-install/${basename(file)}`)
    const further = growPackages(options)
    inside('apt-get', 'install', '-y', '-q', '--no-install-recommends', 'avahi-daemon', ...further, ...debs)
    inside('systemctl', 'enable', 'lares.service', 'avahi-daemon.service')
    inside('apt-get', 'clean')
  })
  rmSync(staging, { recursive: true })
  checkInstalled(rootfs)
}

const growPackages = ({ medium }: JetsonOptions): string[] =>
  medium === 'sd' || medium === 'usb' ? ['cloud-guest-utils'] : []

function checkInstalled(rootfs: string): void {
  const status = readFileSync(join(rootfs, 'var/lib/dpkg/status'), 'utf8')
  if (!/^Package: lares\nStatus: install ok installed$/m.test(status))
    throw new JetsonStop('apt ended, but lares is not installed: its words stand above.')
  const link = join(rootfs, 'etc/systemd/system/multi-user.target.wants/lares.service')
  if (!lstatSync(link, { throwIfNoEntry: false }))
    throw new JetsonStop('lares is installed, but would not start at boot.')
}

/** What programs inside expect while `work` runs; taken away again whatever happens, the last thing first. */
function withGuest(host: Host, rootfs: string, work: () => void): void {
  const undo: (() => void)[] = []
  const lend = (path: string, lay: (target: string) => void): void => {
    const target = join(rootfs, path)
    const kept = `${target}.lares-kept`
    if (lstatSync(target, { throwIfNoEntry: false })) renameSync(target, kept)
    undo.unshift(() => {
      rmSync(target, { force: true })
      if (lstatSync(kept, { throwIfNoEntry: false })) renameSync(kept, target)
    })
    lay(target)
  }
  const mount = (args: readonly string[], path: string): void => {
    host.run('mount', [...args, join(rootfs, path)])
    undo.unshift(() => host.run('umount', [join(rootfs, path)]))
  }
  try {
    lend('etc/resolv.conf', (target) => copyFileSync('/etc/resolv.conf', target))
    // Debian asks this before it starts a service.
    lend('usr/sbin/policy-rc.d', (target) => writeFileSync(target, '#!/bin/sh\nexit 101\n', { mode: 0o755 }))
    mount(['-t', 'proc', 'proc'], 'proc')
    mount(['-t', 'sysfs', '-o', 'ro', 'sysfs'], 'sys')
    mount(['--bind', '/dev'], 'dev')
    mount(['--bind', '/dev/pts'], 'dev/pts')
    work()
  } finally {
    for (const step of undo) step()
  }
}

const GROW_UNIT = `# Jetson Linux R39 does not enlarge the root of an image for a card any more; the last partition is the root.
[Unit]
Description=The root takes the whole card
ConditionPathExists=!/var/lib/lares-root-grown
Before=lares.service

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'part=$$(findmnt -n -o SOURCE /) && disk=/dev/$$(lsblk -n -o PKNAME "$$part") && growpart "$$disk" "$$(cat /sys/class/block/$$(basename "$$part")/partition)"; resize2fs "$$part" && touch /var/lib/lares-root-grown'

[Install]
WantedBy=multi-user.target
`

/** Settings, name and, where it was asked for, a user. Without one the first boot asks, and Lares starts after that. */
export function settle(host: Host, options: JetsonOptions, release: Release): void {
  const rootfs = rootfsOf(options)
  if (options.settings !== null) {
    const text = readSettings(readFileSync(options.settings, 'utf8'))
    mkdirSync(join(rootfs, 'etc/lares'), { recursive: true })
    writeFileSync(join(rootfs, 'etc/lares/lares.conf'), text, { mode: 0o644 })
  }
  writeFileSync(join(rootfs, 'etc/hostname'), `${options.hostname}\n`)
  writeFileSync(
    join(rootfs, 'etc/hosts'),
    `127.0.0.1 localhost\n127.0.1.1 ${options.hostname}\n::1 localhost ip6-localhost\n`,
  )
  if (growPackages(options).length > 0 && !branchOf(release).growsByItself) layGrowUnit(rootfs)
  refuseKnownPasswords(rootfs)
  if (options.user) makeUser(host, options, options.user)
  rmSync(join(options.l4t, MARKER), { force: true })
}

function layGrowUnit(rootfs: string): void {
  const units = join(rootfs, 'etc/systemd/system')
  mkdirSync(join(units, 'multi-user.target.wants'), { recursive: true })
  writeFileSync(join(units, 'lares-grow-root.service'), GROW_UNIT)
  const link = join(units, 'multi-user.target.wants/lares-grow-root.service')
  rmSync(link, { force: true })
  symlinkSync('../lares-grow-root.service', link)
}

/** Nobody may sign in to a fresh box with a password that others know. */
function refuseKnownPasswords(rootfs: string): void {
  const file = join(rootfs, 'etc/shadow')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const open = lines.map((line) => line.split(':')).filter(([, hash = '*']) => hash === '' || hash.startsWith('$'))
  const names = open.map(([name = '']) => name).filter(Boolean)
  if (names.length > 0)
    throw new JetsonStop(
      `The root file system comes with a password for ${names.join(', ')}: take NVIDIA’s own, which has none.`,
    )
}

function makeUser(
  host: Host,
  { l4t, hostname }: JetsonOptions,
  { name, passwordFile }: { name: string; passwordFile: string },
): void {
  const password = readPassword(passwordFile)
  const how = ['-u', name, '-p', password, '-n', hostname, '--accept-license']
  host.run('./tools/l4t_create_default_user.sh', how, l4t)
}

const READABLE_BY_OTHERS = 0o077
const SHORTEST_PASSWORD = 12

export function readPassword(file: string): string {
  if (!existsSync(file)) throw new JetsonStop(`${file} is not there.`)
  if ((statSync(file).mode & READABLE_BY_OTHERS) !== 0)
    throw new JetsonStop(`Others may read ${file}: chmod 600 ${file}`)
  const password = readFileSync(file, 'utf8').replace(/\n$/, '')
  if (password.length < SHORTEST_PASSWORD || password.includes('\n'))
    throw new JetsonStop(`The password has to be one line of ${SHORTEST_PASSWORD} characters or more.`)
  return password
}
