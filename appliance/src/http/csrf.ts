import type { IncomingHttpHeaders } from 'node:http'
import type { OriginRules } from './cors.ts'
import type { Scheme } from './transport.ts'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none'])

export interface RequestOrigin {
  scheme: Scheme
  host: string
  origin: string | undefined
  secFetchSite: string | undefined
}

const only = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header

export const originOf = (headers: IncomingHttpHeaders, scheme: Scheme): RequestOrigin => ({
  scheme,
  host: headers.host ?? '',
  origin: only(headers.origin),
  secFetchSite: only(headers['sec-fetch-site']),
})

/**
 * True when a page of another site may have caused this request (SEC-B7). Programs send neither header and carry no
 * cookie that they were not given; browsers always send at least one of them with an unsafe method.
 */
export function isForeign({ scheme, host, origin, secFetchSite }: RequestOrigin): boolean {
  if (secFetchSite !== undefined && !OWN_SITES.has(secFetchSite)) return true
  return origin !== undefined && origin.toLowerCase() !== `${scheme}://${host.toLowerCase()}`
}

export type OriginVerdict =
  | 'own'
  /** Another page, and that is fine: it is allowed, or it only loads what anybody may load. */
  | 'foreign'
  /** The answer goes out, but the browser keeps it from the page that asked. */
  | 'withheld'
  | 'refused'

/**
 * What becomes of a request by where it comes from (SEC-B7, SEC-C2). Pages that the owner allowed may change something
 * with an API key, never with cookies.
 */
export function judgeOrigin(
  { method, headers, scheme }: { method: string; headers: IncomingHttpHeaders; scheme: Scheme },
  rules: OriginRules,
): OriginVerdict {
  const asked = originOf(headers, scheme)
  if (!isForeign(asked)) return 'own'
  const isAllowed = asked.origin !== undefined && rules.allows(asked.origin)
  if (!SAFE_METHODS.has(method)) return isAllowed && headers['x-api-key'] !== undefined ? 'foreign' : 'refused'
  if (isAllowed || asked.origin === undefined) return 'foreign'
  return headers['access-control-request-method'] === undefined ? 'withheld' : 'refused'
}
