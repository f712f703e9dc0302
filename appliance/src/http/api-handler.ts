import type { Context } from 'koa'
import { POSITION_HEADER } from '../api/stream.ts'
import { LaresError } from '../core/errors.ts'
import { chooseEncoding, compress, isWorthCompressing } from './compress.ts'
import { checkPermission, checkSetup, identifyWithinLimit, type Asking, type LimitedGateDeps } from './gate.ts'
import { limitHeaders, limitReached } from './rate-limit.ts'
import { readCredentials } from './cookies.ts'
import { plainAddress } from './client-address.ts'
import { createRequestContext, isActivity, userAgentOf } from './request-context.ts'
import { readJsonBody } from './request-body.ts'
import type { FileReply, Principal, Route } from './route.ts'
import type { RouteTable } from './route-table.ts'
import { resolveInside } from './safe-path.ts'
import { schemeOf } from './transport.ts'
import { sendFile } from './send-file.ts'
import { checkInput, checkReply } from './validate.ts'

export interface ApiDeps extends LimitedGateDeps {
  table: RouteTable
  /** Relative paths of file replies begin here. */
  dataDir: string
  /** The only folder that file replies may come from. */
  mediaDir: string
  /** Where the stream is by now, for POSITION_HEADER. */
  streamPosition(): string
}

const SIGNATURE_PARAMETERS: ReadonlySet<string> = new Set(['exp', 'sig'])

function readQuery(ctx: Context): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(ctx.querystring)) {
    if (name in query) throw new LaresError('invalid', `The parameter ${name} is given twice.`)
    query[name] = value
  }
  return query
}

const cacheControl = (cacheS: number): string => (cacheS > 0 ? `private, max-age=${cacheS}` : 'no-store')

function downloadName(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`
}

async function sendFileReply(ctx: Context, reply: FileReply, deps: ApiDeps): Promise<void> {
  if (reply.kind === 'file') {
    const file = await resolveInside(deps.mediaDir, await absoluteIn(deps.dataDir, reply.path))
    if (reply.downloadAs !== undefined) ctx.set('Content-Disposition', downloadName(reply.downloadAs))
    return sendFile(ctx, { file, contentType: reply.contentType, cacheControl: cacheControl(reply.cacheS) })
  }
  if (reply.kind === 'bytes' && reply.anyOrigin) {
    ctx.set({ 'Cross-Origin-Resource-Policy': 'cross-origin', 'Content-Security-Policy': "default-src 'none'" })
    ctx.remove('X-Frame-Options')
  }
  ctx.type = reply.contentType
  ctx.set('Cache-Control', cacheControl(reply.kind === 'bytes' ? reply.cacheS : 0))
  ctx.body = reply.body
}

const absoluteIn = async (dataDir: string, path: string): Promise<string> => resolveInside(dataDir, path)

async function sendJson(ctx: Context, value: unknown): Promise<void> {
  const body = Buffer.from(JSON.stringify(value))
  ctx.status = 200
  ctx.type = 'application/json; charset=utf-8'
  ctx.set('Cache-Control', 'no-store')
  ctx.vary('Accept-Encoding')
  const encoding = isWorthCompressing(body.length) ? chooseEncoding(ctx.get('Accept-Encoding')) : null
  if (encoding) ctx.set('Content-Encoding', encoding)
  ctx.body = encoding ? await compress(body, encoding) : body
}

interface Input {
  params: unknown
  query: unknown
  body: unknown
}

async function readInput(ctx: Context, route: Route, params: unknown, query: Record<string, string>): Promise<Input> {
  const own = Object.fromEntries(Object.entries(query).filter(([name]) => !SIGNATURE_PARAMETERS.has(name)))
  const raw = await readJsonBody(ctx.req, route.maxBodyBytes)
  return {
    params: checkInput('params', route.params, params),
    query: checkInput('query', route.query, route.needs === 'signed-link' ? own : query),
    body: checkInput('body', route.body, raw),
  }
}

function askingOf(ctx: Context, query: Record<string, string>): Asking {
  const { headers, socket } = ctx.req
  const credentials = readCredentials(headers, schemeOf(ctx.req))
  return {
    ...{ method: ctx.method, path: ctx.path, query, credentials, deviceToken: credentials.deviceToken },
    address: plainAddress(socket.remoteAddress),
    userAgent: userAgentOf(headers),
    isActivity: isActivity(headers),
    adminKey: ctx.get('X-Admin-API-Key') || null,
  }
}

/** One request to /api: who, how often, may they, is it right, do it, answer. */
export function createApiHandler(deps: ApiDeps): (ctx: Context) => Promise<void> {
  async function passGate(ctx: Context, route: Route, query: Record<string, string>): Promise<Principal | null> {
    const asking = askingOf(ctx, query)
    checkSetup(route.needs, deps.isSetupDone())
    const principal = await identifyWithinLimit(route, asking, deps, (state) => ctx.set(limitHeaders(state)))
    await checkPermission(route, principal, asking, deps)
    return principal
  }

  /** Looking for what is not there costs the budget of the address, like everything else. */
  async function countMiss(ctx: Context): Promise<void> {
    const state = await deps.limits.take('general', {
      userId: null,
      address: plainAddress(ctx.req.socket.remoteAddress),
    })
    ctx.set(limitHeaders(state))
    if (state.retryAfterS > 0) throw limitReached(state)
  }

  async function findRoute(ctx: Context): Promise<{ route: Route; params: unknown; query: Record<string, string> }> {
    try {
      return { ...deps.table.find(ctx.method, ctx.path), query: readQuery(ctx) }
    } catch (error) {
      await countMiss(ctx)
      throw error
    }
  }

  return async (ctx) => {
    const { route, params, query } = await findRoute(ctx)
    ctx.state.route = `${route.method} ${route.path}`
    const principal = await passGate(ctx, route, query)
    ctx.state.userId = principal?.userId
    if (principal) ctx.set(POSITION_HEADER, deps.streamPosition())
    const input = await readInput(ctx, route, params, query)
    const request = createRequestContext(ctx, principal)
    const result = await route.run({ ...(input as never as { params: never; query: never; body: never }), request })
    if (route.reply === 'bytes') return sendFileReply(ctx, result as FileReply, deps)
    await sendJson(ctx, checkReply(route.reply, result, `${route.method} ${route.path}`))
  }
}
