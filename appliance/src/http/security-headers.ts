import type { Scheme } from './transport.ts'

const ONE_YEAR_S = 31_536_000
const SOCKETS: Readonly<Record<Scheme, string>> = { https: 'wss:', http: 'ws:' }

/** How a browser reaches the box. */
export interface Place {
  /** Has passed the allow-list. */
  host: string
  scheme: Scheme
  /** Under this name HTTPS may be promised for a year. */
  promisesHttps: boolean
}

function contentSecurityPolicy(place: Place | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    // Older Safari does not count the WebSocket of the same host as 'self'.
    place === null ? "connect-src 'self'" : `connect-src 'self' ${SOCKETS[place.scheme]}//${place.host}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** The place only for the app itself: a phone may say that it is home, not where that is. */
const PLACE = 'geolocation=(self)'
const UNUSED_FEATURES = ['camera', 'microphone', 'payment', 'usb', 'serial', 'bluetooth', 'midi']

/** Headers of every answer (SEC-B6); null when the name is none of ours. */
export function securityHeaders(place: Place | null): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(place),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': [PLACE, ...UNUSED_FEATURES.map((feature) => `${feature}=()`)].join(', '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // Over plain HTTP browsers ignore it, as they must.
    ...(place?.promisesHttps && place.scheme === 'https'
      ? { 'Strict-Transport-Security': `max-age=${ONE_YEAR_S}; includeSubDomains` }
      : {}),
  }
}
