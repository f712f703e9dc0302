import type { Clock } from './clock.ts'
import { messageOf } from './errors.ts'
import type { Log } from './log.ts'
import { runToEnd } from './subprocess.ts'
import { supervise } from './supervise.ts'

export interface ServiceManagerDeps {
  clock: Clock
  log: Log
  /** systemd says by NOTIFY_SOCKET and WATCHDOG_USEC that it wants to be told. */
  env: Readonly<Record<string, string | undefined>>
  /** Rejects, or does not come back, when the product is no longer of use: then systemd starts it anew. */
  isWell(): Promise<unknown>
}

/** What stands above the process; every call is nothing where nobody asked for it. */
export interface ServiceManager {
  /** The page answers: whoever waited for Lares may go on, and the watchdog begins. */
  ready(): Promise<void>
  stopping(): Promise<void>
}

const PROGRAM = 'systemd-notify'
const TIMEOUT_MS = 5_000
/** systemd's own advice is half the time; a third leaves room for a slow moment. */
const PART_OF_WATCHDOG = 3

/** Tells systemd (sd_notify) through its own little program: Node has no datagram sockets of the Unix kind. */
export function createServiceManager({ clock, log, env, isWell }: ServiceManagerDeps): ServiceManager {
  const isAsked = Boolean(env.NOTIFY_SOCKET)
  const watchdogMs = Number(env.WATCHDOG_USEC ?? 0) / 1_000

  async function tell(words: readonly string[]): Promise<void> {
    if (!isAsked) return
    const { code, lastLines } = await runToEnd({
      ...{ name: PROGRAM, command: PROGRAM, args: words, clock, log, timeoutMs: TIMEOUT_MS },
    })
    if (code !== 0) log.warn({ words, lines: lastLines }, 'systemd did not hear us')
  }

  const tellOrLog = (words: readonly string[]): Promise<void> =>
    tell(words).catch((error: unknown) => log.warn({ words, err: messageOf(error) }, 'systemd was not told'))

  const heartbeat = supervise({
    ...{ name: 'watchdog', clock, log, pauseMs: watchdogMs / PART_OF_WATCHDOG },
    async runOnce() {
      await isWell()
      await tellOrLog(['WATCHDOG=1'])
    },
  })
  return {
    async ready() {
      await tellOrLog(['--ready'])
      if (isAsked && watchdogMs > 0) await heartbeat.start()
    },
    async stopping() {
      await heartbeat.stop()
      await tellOrLog(['STOPPING=1'])
    },
  }
}
