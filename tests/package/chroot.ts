import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const SUITE = 'bookworm'
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Why no small Debian can be made here, or false. */
export function noChroot(): string | false {
  if (process.getuid?.() !== 0) return 'skipped: only root may make a small Debian to install into'
  const missing = ['mmdebstrap', 'dpkg-deb', 'qemu-aarch64-static'].filter((program) => !isThere(program))
  return missing.length > 0 ? `skipped: ${missing.join(', ')} is not installed` : false
}

function isThere(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

export interface Chroot {
  readonly root: string
  /** Runs a program to its end inside; throws with its words when it fails. */
  run(program: string, ...args: string[]): string
  /** Starts one that stays. */
  start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess
  end(): void
}

/** A Debian of its own, without services; `/proc` and `/dev` are there as programs expect. */
export function makeChroot(packages: readonly string[]): Chroot {
  const root = mkdtempSync(join(tmpdir(), 'lares-debian-'))
  debootstrap(root, ['--variant=minbase', `--include=${packages.join(',')}`])
  execFileSync('mount', ['-t', 'proc', 'proc', join(root, 'proc')])
  // Debian asks this before it starts a service; there is no systemd to start one.
  execFileSync('chroot', [
    root,
    'sh',
    '-c',
    'printf "#!/bin/sh\\nexit 101\\n" > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d',
  ])
  return {
    root,
    run(program, ...args) {
      const env = { PATH, HOME: '/root', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
      return execFileSync('chroot', [root, program, ...args], {
        encoding: 'utf8',
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    },
    start: (args, env) =>
      spawn('chroot', [root, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
      }),
    end() {
      execFileSync('umount', [join(root, 'proc')])
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** What the kernel of a Pi 4 says of its processor; that of this machine would confuse what runs under emulation. */
const CPU_INFO = [0, 1, 2, 3]
  .map((core) => [
    ...[`processor\t: ${core}`, 'BogoMIPS\t: 108.00', 'Features\t: fp asimd evtstrm crc32 cpuid'],
    ...[
      'CPU implementer\t: 0x41',
      'CPU architecture: 8',
      'CPU variant\t: 0x0',
      'CPU part\t: 0xd08',
      'CPU revision\t: 3',
    ],
    '',
  ])
  .flat()
  .join('\n')

/** The C library of another processor, unpacked and never run by itself: enough to run a program under emulation. */
export function makeArm64Libraries(): { root: string; end(): void } {
  const root = mkdtempSync(join(tmpdir(), 'lares-arm64-'))
  const libraries = ['libc6', 'libstdc++6', 'libgcc-s1'].join(',')
  debootstrap(root, ['--variant=extract', '--architectures=arm64', `--include=${libraries}`])
  const cpus = join(root, 'sys/devices/system/cpu')
  for (const folder of [join(root, 'proc'), cpus]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(root, 'proc/cpuinfo'), `${CPU_INFO}\n`)
  for (const name of ['possible', 'present']) writeFileSync(join(cpus, name), '0-3\n')
  return { root, end: () => rmSync(root, { recursive: true, force: true }) }
}

function debootstrap(root: string, how: readonly string[]): void {
  execFileSync('mmdebstrap', ['--quiet', ...how, SUITE, root], { stdio: ['ignore', 'ignore', 'inherit'] })
}
