import cors from '@koa/cors'
import type { Context, Middleware } from 'koa'

/** Other pages that may call the API (SEC-C2). */
export interface OriginRules {
  /** `*`: every page of the web; refused at boot in production. */
  readonly any: boolean
  allows(origin: string): boolean
}

const PATTERN = /^https:\/\/\*(\.[a-z0-9.-]+)(:\d+)?$/

/** As browsers write it: lower case, without the usual port. null when it is no origin. */
function canonical(origin: string): string | null {
  if (!/^https?:\/\/[^/?#@\\]+$/i.test(origin)) return null
  const url = URL.parse(origin)
  return url === null || url.origin === 'null' ? null : url.origin
}

/** `https://*.example.org` means every name below example.org and not that one itself; scheme and port have to fit. */
function patternTest(pattern: string): ((url: URL) => boolean) | null {
  const found = PATTERN.exec(pattern)
  const [, tail = '', port = ''] = found ?? []
  if (!found) return null
  const wanted = port === ':443' ? '' : port.slice(1)
  return ({ protocol, hostname, port: actual }) =>
    protocol === 'https:' && actual === wanted && hostname.endsWith(tail) && hostname.length > tail.length
}

/** `origins` have been checked at boot: exact ones, `https://*.domain`, or `*`. */
export function createOriginRules(origins: readonly string[]): OriginRules {
  const any = origins.includes('*')
  const exact = new Set(origins.map(canonical).filter((origin) => origin !== null))
  const patterns = origins.map((origin) => patternTest(origin.toLowerCase())).filter((test) => test !== null)
  return {
    any,
    allows(origin) {
      if (any) return true
      const plain = canonical(origin)
      if (plain === null) return false
      return exact.has(plain) || patterns.some((fits) => fits(new URL(plain)))
    },
  }
}

const READABLE_HEADERS = [
  ...['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'RateLimit-Policy'],
  ...['Retry-After', 'X-Request-Id', 'Content-Disposition'],
]
const PREFLIGHT_LASTS_S = 600

/**
 * What the browser of an allowed page is told. Never credentials: cookies are for the app alone, other pages send an
 * API key. Answers preflights of allowed pages; everything else goes on.
 */
export function corsHeaders(rules: OriginRules): Middleware {
  return cors({
    origin: (ctx: Context) => {
      const origin = ctx.get('Origin')
      if (origin === '' || !rules.allows(origin)) return ''
      return rules.any ? '*' : origin
    },
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Content-Type', 'X-API-Key'],
    exposeHeaders: READABLE_HEADERS,
    maxAge: PREFLIGHT_LASTS_S,
    keepHeadersOnError: false,
    // A page on the web may reach a box at home only where the owner named that page.
    privateNetworkAccess: true,
  })
}
