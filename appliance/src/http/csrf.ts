const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none'])

export interface RequestOrigin {
  method: string
  host: string
  origin: string | undefined
  secFetchSite: string | undefined
}

/**
 * True when a page of another site may have caused this request (SEC-B7). Programs send neither header and carry no
 * cookie that they were not given; browsers always send at least one of them with an unsafe method.
 */
export function isForeign({ host, origin, secFetchSite }: Omit<RequestOrigin, 'method'>): boolean {
  if (secFetchSite !== undefined && !OWN_SITES.has(secFetchSite)) return true
  return origin !== undefined && origin.toLowerCase() !== `https://${host.toLowerCase()}`
}

export function isForgedChange(request: RequestOrigin): boolean {
  return !SAFE_METHODS.has(request.method) && isForeign(request)
}
