import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Bus } from '../core/bus.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { createApiHandler } from './api-handler.ts'
import { createApp } from './app.ts'
import { createOriginRules } from './cors.ts'
import type { GateDeps } from './gate.ts'
import { createPlainListener, createSecureListener, type Certificate, type ClientTimeouts } from './listeners.ts'
import { openApiRoute } from './openapi.ts'
import { createPlainHttpHandler } from './plain-http.ts'
import { asClientError, endWithError } from './raw-reply.ts'
import { createRateLimits } from './rate-limit.ts'
import { limitBudgets, type BudgetKeeper, type LimitBudgets, type LimitTable } from './rate-budgets.ts'
import { calmly } from './refusals.ts'
import type { Route } from './route.ts'
import { createRouteTable } from './route-table.ts'
import { createStaticFiles } from './static-files.ts'
import { createStream, type Stream, type StreamBusEvents } from './stream/index.ts'

/** What tls/ hands in. */
export interface CertificateSource {
  current(): Certificate
  /** Called when `current` gives another certificate: it is served without a restart. */
  onChange(listener: () => void): () => void
  /** Names and addresses this box answers to. */
  hosts(): readonly string[]
  trustHandler(request: IncomingMessage, response: ServerResponse): boolean
}

export interface HttpServerDeps extends GateDeps {
  routes: readonly Route[]
  log: Log
  bus: Pick<Bus<StreamBusEvents>, 'on'>
  tls: CertificateSource
  /** Relative paths of file replies begin here; what they serve lies in its `media` folder. */
  dataDir: string
  /** The built app. */
  staticDir: string
  version: string
  host: string
  /** 0 picks a free one. */
  httpsPort: number
  httpPort: number
  /** Told how many pages have the live stream open. */
  onViewers?(count: number): void
  /** Asked at every request. */
  limitBudgets?: () => LimitBudgets
  limitTiers?: LimitTable
  /** Other pages that may call the API, checked: exact origins, `https://*.domain`, `*`. None when left out. */
  corsOrigins?: readonly string[]
  /** Remembers the budgets of sign-in across restarts. */
  budgetKeeper?: BudgetKeeper
  timeouts?: Partial<ClientTimeouts>
}

export interface HttpServer extends Part {
  /** The ports that are really open; 0 before start. */
  httpsPort(): number
  httpPort(): number
  /** Everything that is mounted, the API document included. */
  readonly routes: readonly Route[]
}

/** Builds app, stream and both listeners. Throws `internal` for a route that must not be mounted. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const { log, tls } = deps
  const usual: LimitBudgets = { ...limitBudgets(), ...(deps.limitTiers ? { tiers: deps.limitTiers } : {}) }
  const budgets = deps.limitBudgets ?? (() => usual)
  const limits = createRateLimits({ clock: deps.clock, budgets, keeper: deps.budgetKeeper })
  const routes = [...deps.routes, openApiRoute(deps.routes, deps.version, () => budgets().tiers)]
  const onRefused = calmly(deps.clock, (refusal) => deps.onRefused?.(refusal))
  const hosts = (): readonly string[] => tls.hosts()
  const table = createRouteTable(routes)
  const doors = { ...deps, hosts, limits, origins: createOriginRules(deps.corsOrigins ?? []), onRefused }
  const api = createApiHandler({ ...doors, table, mediaDir: join(deps.dataDir, 'media') })
  const app = createApp({ ...doors, api, staticFiles: createStaticFiles({ folder: deps.staticDir }) })
  const stream: Stream = createStream(doors)
  const handle = app.callback()
  const { host, timeouts } = deps
  const clientError = (error: Error, socket: Duplex): void =>
    endWithError(socket, asClientError(error), deps.clock.now())
  const secure = createSecureListener({
    ...{ host, port: deps.httpsPort, timeouts, log, certificate: tls },
    answer: (request, response) => void handle(request, response),
    upgrade: (request, socket, head) => stream.upgrade(request, socket, head),
    clientError,
  })
  const answerPlain = createPlainHttpHandler({
    hosts,
    clock: deps.clock,
    httpsPort: () => secure.port(),
    trustHandler: (request, response) => tls.trustHandler(request, response),
  })
  const plain = createPlainListener({ host, port: deps.httpPort, timeouts, answer: answerPlain, clientError })

  async function stop(): Promise<void> {
    await stream.stop()
    await Promise.all([secure.close(), plain.close()])
  }

  return {
    name: 'http',
    routes,
    httpsPort: () => secure.port(),
    httpPort: () => plain.port(),
    async start() {
      try {
        await secure.open()
        await plain.open()
        await stream.start()
      } catch (error) {
        await stop()
        throw error
      }
      log.info({ httpsPort: secure.port(), httpPort: plain.port() }, 'Listening')
    },
    stop,
  }
}
