import { execFileSync, type ExecFileSyncOptions } from 'node:child_process'

/** What each step took, for the table at the end. */
export interface StepTime {
  readonly name: string
  readonly seconds: number
}

export interface Steps {
  readonly times: StepTime[]
  /** Runs one part of the build, says its name and how long it took. */
  step<T>(name: string, work: () => T): T
}

export function createSteps(say: (line: string) => void): Steps {
  const times: StepTime[] = []
  return {
    times,
    step(name, work) {
      say(`  … ${name}`)
      const startedMs = performance.now()
      const result = work()
      const seconds = Math.round((performance.now() - startedMs) / 1000)
      times.push({ name, seconds })
      say(`  ✓ ${name} (${seconds} s)`)
      return result
    },
  }
}

const QUIET: ExecFileSyncOptions = { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 }

/** Runs a program to its end and returns what it printed; when it fails, its words are in the error. */
export function run(program: string, args: readonly string[], options: ExecFileSyncOptions = {}): string {
  return String(execFileSync(program, args, { ...QUIET, ...options }))
}

/** The same inside another root file system, whose programs may be another processor's. */
export function runInside(root: string, program: string, ...args: string[]): string {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8', HOME: '/root' }
  const epoch = process.env.SOURCE_DATE_EPOCH
  return run('chroot', [root, program, ...args], { env: epoch ? { ...env, SOURCE_DATE_EPOCH: epoch } : env })
}

/** Non-empty lines of a list file; what follows # is for people. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
}
