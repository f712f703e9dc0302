import { mayPromiseHttps } from './hosts.ts'

const ONE_YEAR_S = 31_536_000

function contentSecurityPolicy(host: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    // Older Safari does not count the WebSocket of the same host as 'self'.
    host === null ? "connect-src 'self'" : `connect-src 'self' wss://${host}`,
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

/** Headers of every answer (SEC-B6). `host` has passed the allow-list; null when it has not. */
export function securityHeaders(host: string | null): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(host),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': [PLACE, ...UNUSED_FEATURES.map((feature) => `${feature}=()`)].join(', '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(mayPromiseHttps(host ?? undefined)
      ? { 'Strict-Transport-Security': `max-age=${ONE_YEAR_S}; includeSubDomains` }
      : {}),
  }
}
