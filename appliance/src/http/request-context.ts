import type { Context } from 'koa'
import type { Principal, RequestContext } from './route.ts'
import { clearedSessionCookie, readSessionToken, sessionCookie } from './session-cookie.ts'

const LONGEST_USER_AGENT = 256

/** IPv4 clients on a dual-stack socket look like ::ffff:192.168.1.2. */
export function plainAddress(remoteAddress: string | undefined): string {
  return (remoteAddress ?? '').replace(/^::ffff:/i, '')
}

/** What a route may know about its request. */
export function createRequestContext(ctx: Context, principal: Principal | null): RequestContext {
  const gone = new AbortController()
  ctx.res.once('close', () => {
    if (!ctx.res.writableFinished) gone.abort()
  })
  return {
    principal,
    address: plainAddress(ctx.req.socket.remoteAddress),
    userAgent: ctx.get('User-Agent').slice(0, LONGEST_USER_AGENT),
    origin: `https://${ctx.host}`,
    signal: gone.signal,
    sessionToken: readSessionToken(ctx.req.headers.cookie),
    setSessionToken: (token, maxAgeS) => ctx.set('Set-Cookie', sessionCookie(token, maxAgeS)),
    clearSessionToken: () => ctx.set('Set-Cookie', clearedSessionCookie),
  }
}
