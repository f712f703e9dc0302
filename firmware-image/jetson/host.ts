import { execFileSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { arch } from 'node:process'
import { JetsonStop } from './stop.ts'

/** The owner's PC, as far as the builder touches it. */
export interface Host {
  readonly isRoot: boolean
  /** As Node names it: NVIDIA's tools run on `x64` only. */
  readonly processor: string
  /** Programs of other processors are started by the kernel (binfmt_misc). */
  readonly runsArm64: boolean
  has(program: string): boolean
  /** Paths of everything that is mounted. */
  mounts(): string[]
  /** Runs a program to its end, its words shown; throws when it fails. */
  run(program: string, args: readonly string[], cwd?: string): void
  /** The same, and gives what it printed. */
  ask(program: string, args: readonly string[]): string
}

export function thisHost(): Host {
  return {
    isRoot: process.getuid?.() === 0,
    processor: arch,
    runsArm64: arch === 'arm64' || isThere('/proc/sys/fs/binfmt_misc/qemu-aarch64'),
    has: (program) => findProgram(program) !== null,
    mounts: () => readMounts(readFileSync('/proc/self/mounts', 'utf8')),
    run: (program, args, cwd) => void execute(program, args, 'inherit', cwd),
    ask: (program, args) => execute(program, args, 'pipe') ?? '',
  }
}

/** `\040` stands for a blank there. */
export function readMounts(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter(Boolean)
    .map((path) => path.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))))
}

function execute(program: string, args: readonly string[], words: 'inherit' | 'pipe', cwd?: string): string | null {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
  try {
    return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', words, 'inherit'] })
  } catch (cause) {
    throw new JetsonStop(`${program} failed; its words stand above.`, { cause })
  }
}

function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find(isThere) ?? null
}

function isThere(file: string): boolean {
  try {
    accessSync(file, constants.F_OK)
    return true
  } catch {
    return false
  }
}
