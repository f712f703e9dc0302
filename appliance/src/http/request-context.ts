import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from 'koa'
import { plainAddress } from './client-address.ts'
import { clearedTokenCookies, readCredentials, tokenCookies } from './cookies.ts'
import type { Principal, RequestContext } from './route.ts'
import { schemeOf } from './transport.ts'

const LONGEST_USER_AGENT = 256
/** What a page loads by itself, again and again, with nobody in front of it. */
const LOADED_BY_PAGES: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'manifest', 'serviceworker'])

export const userAgentOf = (headers: IncomingHttpHeaders): string =>
  (headers['user-agent'] ?? '').slice(0, LONGEST_USER_AGENT)

/** False where the app says that nobody touched it lately, and for pictures: only people keep a session from idling out. */
export function isActivity(headers: IncomingHttpHeaders): boolean {
  const destination = headers['sec-fetch-dest']
  if (typeof destination === 'string' && LOADED_BY_PAGES.has(destination)) return false
  return headers['x-lares-idle'] !== '1'
}

/** What a route may know about its request. */
export function createRequestContext(ctx: Context, principal: Principal | null): RequestContext {
  const gone = new AbortController()
  ctx.res.once('close', () => {
    if (!ctx.res.writableFinished) gone.abort()
  })
  const { headers } = ctx.req
  const scheme = schemeOf(ctx.req)
  return {
    principal,
    address: plainAddress(ctx.req.socket.remoteAddress),
    userAgent: userAgentOf(headers),
    origin: `${scheme}://${ctx.host}`,
    signal: gone.signal,
    credentials: readCredentials(headers, scheme),
    isActivity: isActivity(headers),
    setTokens: (tokens) => ctx.set('Set-Cookie', tokenCookies(tokens, scheme)),
    clearTokens: () => ctx.set('Set-Cookie', [...clearedTokenCookies(scheme)]),
  }
}
