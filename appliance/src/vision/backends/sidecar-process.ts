import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import { startSubprocess } from '../../core/subprocess.ts'
import { supervise, type Loop } from '../../core/supervise.ts'
import { sleep } from '../../core/clock.ts'
import type { StartedSidecar } from './sidecar.ts'

export interface SidecarProcessDeps {
  clock: Clock
  log: Log
  /** Folder of the sockets; made with rights for us alone. */
  folder: string
  /** Which sidecar Lares runs itself, and with which model file; null: none. */
  wanted(): { name: StartedSidecar; model: string } | null
}

export interface SidecarProcess extends Part {
  /** The settings were changed: ends what runs and starts what is wanted. */
  restart(): void
}

/** The source while it runs unbuilt, the compiled file in the image. */
const REFERENCE = fileURLToPath(new URL(`../../../sidecars/processor${import.meta.url.slice(-3)}`, import.meta.url))
const IDLE_MS = 60 * 60_000

/** Runs the sidecar that the owner chose, and starts it again when it ends. */
export function createSidecarProcess(deps: SidecarProcessDeps): SidecarProcess {
  const { clock, log, folder, wanted } = deps
  let changed = new AbortController()
  const loop: Loop = supervise({ name: 'sidecar', clock, log, runOnce })

  async function runOnce(signal: AbortSignal): Promise<void> {
    changed = new AbortController()
    const stop = AbortSignal.any([signal, changed.signal])
    const choice = wanted()
    if (!choice) return sleep(clock, IDLE_MS, stop)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    const socket = join(folder, `${choice.name}.sock`)
    // Left over from a process that was killed: nobody listens there.
    await rm(socket, { force: true })
    const child = await startSubprocess({
      ...{ name: `sidecar ${choice.name}`, log, clock },
      ...commandOf(choice.name, socket, choice.model),
      onLine: (line) => log.debug({ sidecar: choice.name }, line),
    })
    child.stdout.resume()
    const stopped = Promise.withResolvers<null>()
    stop.addEventListener('abort', () => stopped.resolve(null), { once: true })
    const exit = await Promise.race([child.exited, stopped.promise])
    if (exit === null) return child.stop()
    const why = exit.lastLines.at(-1) ?? `code ${exit.code ?? exit.signal}`
    throw new LaresError('unavailable', `The sidecar ended: ${why}`)
  }

  return {
    name: loop.name,
    start: () => loop.start(),
    stop: () => loop.stop(),
    restart() {
      changed.abort()
      loop.wake()
    },
  }
}

function commandOf(name: StartedSidecar, socket: string, model: string): { command: string; args: string[] } {
  const options = ['--socket', socket, '--model', model]
  if (name === 'processor') return { command: process.execPath, args: [...process.execArgv, REFERENCE, ...options] }
  const file = fileURLToPath(new URL(`../../../sidecars/${name}.py`, import.meta.url))
  return { command: 'python3', args: [file, ...options] }
}
