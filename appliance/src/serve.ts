import { flushCompileCache } from 'node:module'
import { inspect } from 'node:util'
import { bootHelp, readBootConfig, type BootConfig } from './boot-config.ts'
import { compose } from './compose.ts'
import { systemClock as clock } from './core/clock.ts'
import { LaresError, messageOf } from './core/errors.ts'
import { createLog, type Log } from './core/log.ts'
import type { Part } from './core/part.ts'
import { createServiceManager } from './core/service-manager.ts'
import { wipeIfAsked } from './box/index.ts'
import { VERSION } from './core/version.ts'
import { answers } from './db/index.ts'
import { createConsolePublisher, createHost, type Host } from './host/index.ts'
import { databaseFileIn, openHome } from './open-home.ts'
import { settleUpdate } from './updates/index.ts'

const STOP_DEADLINE_MS = 10_000

/** Starts everything in order; what was started is in `running`, so that a signal in between stops exactly that. */
async function start(
  config: BootConfig,
  log: Log,
  running: Part[],
  { isStopping, leave }: { isStopping(): boolean; leave(): void },
): Promise<void> {
  const host = createHost({ clock, socketPath: config.hostSocket })
  const home = await openHome({ ...config, clock, log, beforeOpening: () => prepareFolder(config, log, host) })
  running.push({ name: 'home', start: async () => undefined, stop: () => home.close() })
  const product = compose({ config, home, clock, log, host, leave })
  for (const part of product.parts) {
    if (isStopping()) return
    running.push(part)
    await part.start()
  }
  const isWell = (): Promise<void> => answers(home.database)
  const manager = createServiceManager({ clock, log, env: process.env, isWell })
  running.push({ name: 'service manager', start: manager.ready, stop: manager.stopping })
  const screen = createConsolePublisher({ clock, log, env: process.env, words: product.screen })
  running.push(screen)
  await screen.start()
  process.stdout.write(`${product.banner()}\n  Lares is ready.\n\n`)
  await manager.ready()
  for (const part of product.late) if (!isStopping()) await part.startLate()
  // Node would only write it at a clean end, and a power cut is none.
  flushCompileCache()
}

/** What was decided before this start and must be done while nothing is open. */
async function prepareFolder({ dataDir }: BootConfig, log: Log, host: Host): Promise<void> {
  if (await wipeIfAsked(dataDir)) log.warn('Everything was removed, as it was asked for: this is a new home')
  await settleUpdate({ dataDir, databaseFile: databaseFileIn(dataDir), version: VERSION, host, clock, log })
}

async function stop(running: readonly Part[], log: Log): Promise<void> {
  for (const part of [...running].reverse()) {
    await part.stop().catch((error: unknown) => log.error({ part: part.name, err: messageOf(error) }, 'Could not stop'))
  }
}

/** One plain sentence for the person who typed the command; the stack only for whoever asked for it. */
function explain(error: unknown, level: string): void {
  const words =
    error instanceof LaresError && error.kind !== 'internal' ? error.message : `Lares cannot start: ${messageOf(error)}`
  process.stderr.write(`${words}\n`)
  if (['debug', 'trace'].includes(level)) process.stderr.write(`${inspect(error)}\n`)
}

/** The life of the process: configuration, start, signals, end. Never returns before the product runs. */
async function live(): Promise<void> {
  const config = readBootConfig(process.env, process.argv.slice(2))
  const log = createLog({ level: config.logLevel, destination: process.stderr })
  for (const words of config.variables.warnings) log.warn(words)
  const running: Part[] = []
  let stopping: string | null = null

  const end = (signal: string): void => {
    if (stopping) process.exit(130)
    stopping = signal
    log.info({ signal }, 'Stopping')
    clock.after(STOP_DEADLINE_MS, () => process.exit(1))
    void starting
      .catch(() => undefined)
      .then(() => stop(running, log))
      .then(() => process.exit(0))
  }
  const crash = (error: unknown): void => {
    log.fatal({ err: messageOf(error), stack: (error as Error | null)?.stack }, 'Lares crashed')
    process.exit(1)
  }
  process.on('uncaughtException', crash).on('unhandledRejection', crash)
  process.on('SIGTERM', end).on('SIGINT', end)

  const starting = start(config, log, running, {
    isStopping: () => stopping !== null,
    leave: () => end('factory reset'),
  })
  try {
    await starting
  } catch (error) {
    explain(error, config.logLevel)
    await stop(running, log)
    process.exit(1)
  }
}

/** Runs the product until a signal ends it. */
export async function serve(): Promise<void> {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h'))
    return void process.stdout.write(`${bootHelp()}\n`)
  await live().catch((error: unknown) => {
    explain(error, process.env.LARES_LOG_LEVEL ?? '')
    process.exit(1)
  })
}
