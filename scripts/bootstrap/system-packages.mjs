// Programs that come from Debian. As root they are installed; otherwise the one command to type is shown.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './places.mjs'
import { runCommand } from './run-command.mjs'
import { Stop, withProgress } from './say.mjs'

/** What Debian asks before it starts a service (invoke-rc.d). */
const START_POLICY = '/usr/sbin/policy-rc.d'
const SOURCES = '/etc/apt/sources.list.d'
const OS_RELEASE = '/etc/os-release'
const ADVICE = 'Are the Debian package servers reachable from here?'

export const FOR_START = [{ program: 'ffmpeg', debian: 'ffmpeg' }]
export const FOR_BROWSER_TESTS = [
  // Of the broker's package: its own program is not on everybody's path.
  { program: 'mosquitto_passwd', debian: 'mosquitto' },
  { program: 'chromium', debian: 'chromium' },
  { program: 'firefox-esr', debian: 'firefox-esr' },
  { program: 'certutil', debian: 'libnss3-tools' },
  // Reads the QR pictures of the app.
  { program: 'zbarimg', debian: 'zbar-tools' },
  // Reads what plugs and box say to each other, as an outsider.
  { program: 'tshark', debian: 'tshark' },
]
/** Let's Encrypt's test authority, and a name server that takes changes. */
export const FOR_CERTIFICATE_TESTS = [
  { program: 'pebble', debian: 'pebble' },
  { program: 'named', debian: 'bind9' },
  { program: 'nsupdate', debian: 'bind9-dnsutils' },
]
export const FOR_PACKAGE = [
  { program: 'dpkg-deb', debian: 'dpkg' },
  { program: 'xz', debian: 'xz-utils' },
]
/** A small Debian to install the package in, and another processor's programs run on this one. */
export const FOR_PACKAGE_TESTS = [
  ...FOR_PACKAGE,
  { program: 'mmdebstrap', debian: 'mmdebstrap' },
  { program: 'qemu-aarch64-static', debian: 'qemu-user-static' },
]
/** Each documented rule set is tried for real. */
export const FOR_FIREWALL = [
  { program: 'nft', debian: 'nftables' },
  { program: 'iptables', debian: 'iptables' },
  { program: 'ufw', debian: 'ufw' },
]
/** File systems, partitions and a signature without mounting anything; another processor's programs run on this one. */
export const FOR_IMAGE = [
  ...FOR_PACKAGE,
  { program: 'mmdebstrap', debian: 'mmdebstrap' },
  // By which mmdebstrap convinces itself that programs of another processor run.
  { program: 'arch-test', debian: 'arch-test' },
  // Debian 12's own takes ten times as long for the scripts of Debian's packages.
  { program: 'qemu-aarch64-static', debian: 'qemu-user-static', backportOf: 'bookworm' },
  { program: 'mcopy', debian: 'mtools' },
  { program: 'mkfs.vfat', debian: 'dosfstools' },
  { program: 'sfdisk', debian: 'fdisk' },
  { program: 'mksquashfs', debian: 'squashfs-tools' },
  { program: 'rauc', debian: 'rauc' },
  { program: 'openssl', debian: 'openssl' },
  { program: 'zstd', debian: 'zstd' },
]
/** To boot the image: the emulator, and what reads a card without mounting it. */
export const FOR_IMAGE_TESTS = [
  // Debian 12's own hangs now and then.
  {
    program: 'qemu-system-aarch64',
    debian: 'qemu-system-arm',
    backportOf: 'bookworm',
    // apt takes only what is named from backports, and these must be of the same version.
    together: ['qemu-system-common', 'qemu-system-data'],
  },
  { program: 'fdtput', debian: 'device-tree-compiler' },
  { program: 'mtype', debian: 'mtools' },
  { program: 'mkfs.vfat', debian: 'dosfstools' },
  { program: 'sfdisk', debian: 'fdisk' },
  { program: 'mksquashfs', debian: 'squashfs-tools' },
  { program: 'rauc', debian: 'rauc' },
  { program: 'openssl', debian: 'openssl' },
]
export const FOR_TESTS = [
  ...FOR_START,
  { program: 'openssl', debian: 'openssl' },
  { program: 'curl', debian: 'curl' },
  { program: 'testssl', debian: 'testssl.sh' },
  // Networks of their own: the firewall, and a phone that comes in by WireGuard.
  ...FOR_FIREWALL,
  { program: 'wg-quick', debian: 'wireguard-tools' },
  { program: 'wireguard-go', debian: 'wireguard-go' },
]

export async function bringSystemPackages(wanted) {
  const missing = wanted.filter(({ program }) => !findProgram(program))
  if (missing.length === 0) return
  const suites = new Set(missing.map(backportsFor).filter((suite) => suite !== undefined))
  const packages = missing.flatMap(namesForApt)
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) throw new Stop(whatToType(packages))
  await withProgress(`Installing ${packages.join(', ')} from Debian`, async () => {
    for (const suite of suites) addSuite(suite)
    await installFromDebian(packages)
  })
  const stillMissing = missing.filter(({ program }) => !findProgram(program))
  if (stillMissing.length > 0) throw new Stop(whatToType(stillMissing.map(({ debian }) => debian)))
}

function namesForApt(one) {
  const suite = backportsFor(one)
  return suite === undefined ? [one.debian] : [one.debian, ...(one.together ?? [])].map((name) => `${name}/${suite}`)
}

/** The suite of newer packages that this one comes from on this release of Debian, if it does. */
function backportsFor({ backportOf }) {
  if (backportOf === undefined) return undefined
  const release = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync(OS_RELEASE, 'utf8'))?.[1]
  return release === backportOf ? `${release}-backports` : undefined
}

/** Backports are never installed unasked: apt takes from them only what is asked for by suite. */
function addSuite(suite) {
  const text = `Types: deb\nURIs: http://deb.debian.org/debian\nSuites: ${suite}\nComponents: main\n`
  const signed = 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n'
  const known =
    existsSync(SOURCES) &&
    readdirSync(SOURCES).some((name) => readFileSync(join(SOURCES, name), 'utf8').includes(suite))
  if (!known) writeFileSync(join(SOURCES, `${suite}.sources`), text + signed)
}

async function installFromDebian(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-q']
  await runCommand('apt-get', [...wait, 'update'], { cwd: root, env, advice: ADVICE })
  const install = [...wait, 'install', '-y', '--no-install-recommends', ...packages]
  await withoutServing(packages, () => runCommand('apt-get', install, { cwd: root, env, advice: ADVICE }))
}

/** Debian starts the servers that it installs; one that only tests need must not begin to serve the whole machine. */
async function withoutServing(packages, install) {
  const ownPolicy = packages.includes('bind9') && !existsSync(START_POLICY)
  if (!ownPolicy) return install()
  writeFileSync(START_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await install()
  } finally {
    rmSync(START_POLICY, { force: true })
  }
  // Nor at the next boot. Where there is no systemd nothing would start it.
  if (findProgram('systemctl')) spawnSync('systemctl', ['disable', 'named'], { stdio: 'ignore' })
}

function whatToType(packages) {
  const command = findProgram('apt-get')
    ? `sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`
    : `(with your system's package manager: ${packages.join(', ')})`
  return `Lares needs ${packages.join(', ')}, which this machine does not have. Please run\n\n  ${command}\n\nand then the same command again.`
}

export function findProgram(name) {
  // Servers lie in sbin, which is not on the path of everybody.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
