import Koa, { type Context, type Next } from 'koa'
import type { Clock } from '../core/clock.ts'
import { newToken } from '../core/crypto.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { corsHeaders, type OriginRules } from './cors.ts'
import { asLaresError, errorReply } from './errors.ts'
import type { Refusal } from './gate.ts'
import { guardOrigin } from './guard-origin.ts'
import { isAllowedHost } from './hosts.ts'
import { plainAddress } from './client-address.ts'
import { refuseKeyInQuery } from './key-in-query.ts'
import type { RateLimits } from './rate-limit.ts'
import { checkForm } from './request-form.ts'
import { userAgentOf } from './request-context.ts'
import { securityHeaders } from './security-headers.ts'
import { securityTxt, SECURITY_TXT_PATH } from './security-txt.ts'
import type { StaticFiles } from './static-files.ts'
import { schemeOf } from './transport.ts'

export interface AppDeps {
  log: Log
  clock: Clock
  /** Names and addresses of this box. */
  hosts(): readonly string[]
  /** Whether browsers may be told to use nothing but HTTPS under this Host header for a year. */
  promisesHttps(hostHeader: string | undefined): boolean
  api(ctx: Context): Promise<void>
  staticFiles: StaticFiles
  /** For security.txt: `mailto:` or `https:`; empty or left out: the box itself. */
  securityContact?(): string
  limits: RateLimits
  origins: OriginRules
  onRefused?(refusal: Refusal): void
}

type Middleware = (ctx: Context, next: Next) => Promise<void>

/** Gives the request its number, and writes one line about it when it is over. The query stays out: it may hold a signature. */
function accessLog({ log, clock }: AppDeps): Middleware {
  return async (ctx, next) => {
    const startedAt = clock.monotonic()
    ctx.state.requestId = newToken(9)
    ctx.set('X-Request-Id', ctx.state.requestId as string)
    await next()
    const fields = {
      request: ctx.state.requestId as string,
      method: ctx.method,
      path: ctx.path,
      status: ctx.status,
      durationMs: Math.round(clock.monotonic() - startedAt),
      address: plainAddress(ctx.req.socket.remoteAddress),
      user: ctx.state.userId as string | undefined,
    }
    // Reading that went well is what the box does all day.
    if (ctx.status < 400 && (ctx.method === 'GET' || ctx.method === 'HEAD')) log.debug(fields, 'Request')
    else log.info(fields, 'Request')
  }
}

function logFailure(log: Log, error: LaresError, ctx: Context): void {
  if (error.kind !== 'internal') return
  const cause = error.cause instanceof Error ? error.cause : error
  log.error(
    {
      request: ctx.state.requestId as string,
      route: ctx.state.route as string,
      err: messageOf(cause),
      stack: cause.stack,
    },
    'A request failed',
  )
}

/** Everything thrown below becomes one structured answer. */
function answerErrors({ log, clock }: AppDeps): Middleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (thrown) {
      const error = asLaresError(thrown)
      logFailure(log, error, ctx)
      const reply = errorReply(error, ctx.state.requestId as string, clock.now())
      ctx.remove('Content-Encoding')
      ctx.remove('Content-Disposition')
      ctx.remove('ETag')
      ctx.remove('Last-Modified')
      const allow = error.details?.allow
      if (reply.status === 405 && Array.isArray(allow)) ctx.set('Allow', allow.join(', '))
      ctx.set({ ...reply.headers, 'Cache-Control': 'no-store' })
      ctx.status = reply.status
      ctx.type = 'application/json; charset=utf-8'
      ctx.body = JSON.stringify(reply.body)
      closeAfterUnreadBody(ctx)
    }
  }
}

/** A body that was refused half-read is not waited for: the connection ends with the answer. */
function closeAfterUnreadBody(ctx: Context): void {
  if (ctx.req.complete) return
  ctx.set('Connection', 'close')
  ctx.res.once('finish', () => ctx.req.destroy())
}

function guardHost({ hosts, promisesHttps }: AppDeps): Middleware {
  return async (ctx, next) => {
    const host = ctx.req.headers.host
    const isOurs = isAllowedHost(host, hosts())
    const place = { host: host ?? '', scheme: schemeOf(ctx.req), promisesHttps: promisesHttps(host) }
    ctx.set(securityHeaders(isOurs ? place : null))
    if (!isOurs)
      throw new LaresError('invalid', 'This box does not answer to that name. Use its address or its .local name.', {
        code: 'HOST_NOT_ALLOWED',
      })
    await next()
  }
}

function guardOrigins(deps: AppDeps): Middleware {
  return async (ctx, next) => {
    const { headers, socket } = ctx.req
    const client = { address: plainAddress(socket.remoteAddress), userAgent: userAgentOf(headers) }
    const scheme = schemeOf(ctx.req)
    await guardOrigin({ method: ctx.method, path: ctx.path, scheme, headers, ...client }, deps)
    await next()
  }
}

/** What no route should have to think about: odd requests, keys in an address. */
function guardForm(): Middleware {
  return async (ctx, next) => {
    checkForm(ctx.req)
    refuseKeyInQuery(ctx.querystring)
    await next()
  }
}

/** Where a weakness can be reported (RFC 9116). */
function tellWhomToTell({ clock, securityContact }: AppDeps): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== SECURITY_TXT_PATH || !['GET', 'HEAD'].includes(ctx.method)) return next()
    ctx.type = 'text/plain; charset=utf-8'
    ctx.set('Cache-Control', 'no-store')
    ctx.body = securityTxt(securityContact?.() ?? '', `${schemeOf(ctx.req)}://${ctx.host}`, clock.now())
  }
}

const isApi = (path: string): boolean => path === '/api' || path.startsWith('/api/')

const onlyApi =
  (middleware: Middleware): Middleware =>
  (ctx, next) =>
    isApi(ctx.path) ? middleware(ctx, next) : next()

/** The Koa application: order matters and is this list. */
export function createApp(deps: AppDeps): Koa {
  const app = new Koa({ proxy: false })
  app.use(accessLog(deps))
  app.use(answerErrors(deps))
  app.use(guardHost(deps))
  app.use(guardForm())
  app.use(onlyApi(corsHeaders(deps.origins)))
  app.use(guardOrigins(deps))
  app.use(tellWhomToTell(deps))
  app.use(async (ctx) => (isApi(ctx.path) ? deps.api(ctx) : deps.staticFiles.serve(ctx)))
  app.on('error', (error: unknown) => {
    // What breaks after the headers are out: nearly always a client that went away.
    deps.log.debug({ err: messageOf(error) }, 'An answer could not be finished')
  })
  return app
}
