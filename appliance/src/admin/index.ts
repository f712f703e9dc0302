import type { AuditEvent } from '../audit/types.ts'
import type { Clock } from '../core/clock.ts'
import { equalSecrets } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import { watchEventLoop, type EventLoopWatch } from '../core/event-loop.ts'
import { levelOf, setLogLevel, type Log } from '../core/log.ts'
import { adminRoutes } from './routes.ts'
import type { Admin } from './types.ts'

export type * from './types.ts'

export interface AdminDeps {
  /** Both switches: `DEBUG` and `ADMIN_ENABLED`. */
  enabled: boolean
  /** `ADMIN_API_KEY`; without one there are no endpoints. */
  key: string | undefined
  clock: Clock
  log: Log
  /** Writes down that somebody came, or tried to. */
  note(event: AuditEvent): void
  version: string
  /** How many pages have the live stream open. */
  streams(): number
}

const BYTES_PER_MB = 1_048_576
const toMb = (bytes: number): number => Math.round((bytes / BYTES_PER_MB) * 10) / 10

/** A part that does nothing. */
const switchedOff: Admin = {
  name: 'admin',
  routes: [],
  checkKey: undefined,
  start: async () => undefined,
  stop: async () => undefined,
}

/** What a developer wants to know of a running box; exists only where it is asked for twice and has a key (SEC-A13). */
export function createAdmin({ enabled, key, clock, log, note, version, streams }: AdminDeps): Admin {
  if (!enabled || key === undefined) return switchedOff
  const startedAt = clock.monotonic()
  let loop: EventLoopWatch | null = null

  const routes = adminRoutes({
    runtime: () => ({
      version,
      node: process.versions.node,
      uptimeS: Math.round((clock.monotonic() - startedAt) / 1_000),
      rssMb: toMb(process.memoryUsage.rss()),
      heapUsedMb: toMb(process.memoryUsage().heapUsed),
      eventLoopP99Ms: loop?.p99Ms() ?? 0,
      streams: streams(),
      logLevel: levelOf(log),
    }),
    setLogLevel: (level) => setLogLevel(log, level),
    used(resource, { address, userAgent }, details = {}) {
      note({ type: 'admin_endpoint_used', severity: 'WARNING', address, userAgent, resource, details })
      log.warn({ address, resource }, 'Admin endpoint used')
    },
  })

  return {
    name: 'admin',
    routes,
    checkKey(given, { address, userAgent }) {
      if (given !== null && equalSecrets(given, key)) return
      note({ type: 'admin_endpoint_used', severity: 'ERROR', address, userAgent, details: { refused: true } })
      log.warn({ address }, 'Admin endpoint refused')
      throw new LaresError('unauthenticated', 'The admin endpoints need their key in the header X-Admin-API-Key.', {
        code: 'ADMIN_KEY_INVALID',
      })
    },
    async start() {
      loop = watchEventLoop()
      log.warn('The admin endpoints are switched on')
    },
    async stop() {
      loop?.stop()
      loop = null
    },
  }
}
