// Small networks of network namespaces, for what only a real kernel can show. Root only.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'

/** Why there can be none here, or false. */
export function noNamespaces(...programs: readonly string[]): string | false {
  if (process.getuid?.() !== 0) return 'skipped: needs root'
  const missing = ['ip', ...programs].filter(
    (program) => spawnSync('which', [program], { env: withSbin() }).status !== 0,
  )
  if (missing.length > 0) return `skipped: ${missing.join(', ')} not installed`
  const name = `lares-try-${randomBytes(3).toString('hex')}`
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'skipped: this kernel gives no network namespaces'
  spawnSync('ip', ['netns', 'del', name])
  return false
}

export const withSbin = (extra = ''): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [extra, process.env.PATH, '/usr/sbin', '/sbin'].filter(Boolean).join(':'),
})

export interface Ran {
  code: number | null
  out: string
}

export interface Namespace {
  readonly name: string
  /** Runs a program in it to its end; everything that it prints. */
  run(command: string, args: readonly string[], options?: { input?: string; path?: string }): Ran
  /** Like `run`, without blocking this process. */
  runBeside(command: string, args: readonly string[]): Promise<Ran>
  /** As `run`; throws when it fails. */
  must(command: string, args: readonly string[], options?: { input?: string; path?: string }): string
  start(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess
  remove(): void
}

export function createNamespace(label: string): Namespace {
  const name = `lares-${label}-${randomBytes(3).toString('hex')}`
  const added = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  if (added.status !== 0) throw new Error(added.stderr)
  const inside = (command: string, args: readonly string[]): string[] => ['netns', 'exec', name, command, ...args]
  const run: Namespace['run'] = (command, args, { input, path } = {}) => {
    const ran = spawnSync('ip', inside(command, args), { encoding: 'utf8', input, env: withSbin(path) })
    return { code: ran.status, out: ran.stdout + ran.stderr }
  }
  const must: Namespace['must'] = (command, args, options) => {
    const { code, out } = run(command, args, options)
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} in ${name}: ${out}`)
    return out
  }
  must('ip', ['link', 'set', 'lo', 'up'])
  return {
    ...{ name, run, must },
    runBeside: (command, args) =>
      new Promise((resolve) => {
        const child = spawn('ip', inside(command, args), { env: withSbin(), stdio: ['ignore', 'pipe', 'pipe'] })
        let out = ''
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
        child.once('close', (code) => resolve({ code, out }))
      }),
    start: (command, args, env) =>
      spawn('ip', inside(command, args), { env: { ...withSbin(), ...env }, stdio: 'pipe' }),
    remove: () => void spawnSync('ip', ['netns', 'del', name]),
  }
}

/** A cable between two namespaces, or one and this machine (null). Addresses with their prefix. */
export function plug(one: Namespace | null, two: Namespace, addresses: readonly [string, string]): void {
  const id = randomBytes(3).toString('hex')
  const ends = [`lr${id}a`, `lr${id}b`] as const
  const host = (args: readonly string[]): void => {
    const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }
  host(['link', 'add', ends[0], 'type', 'veth', 'peer', 'name', ends[1]])
  for (const [index, side] of [one, two].entries()) {
    const end = ends[index] as string
    if (side) host(['link', 'set', end, 'netns', side.name])
    const within = (args: readonly string[]): void => (side ? void side.must('ip', args) : host(args))
    within(['address', 'add', addresses[index] as string, 'dev', end])
    within(['link', 'set', end, 'up'])
  }
}
