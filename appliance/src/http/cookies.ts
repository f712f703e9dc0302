import type { Credentials, IssuedTokens } from './route.ts'
import type { Scheme } from './transport.ts'

/** The access token. `__Host-` ties a cookie to this very host over HTTPS: no subdomain and no plain page can set it. */
export const SESSION_COOKIE = '__Host-lares'
/** The refresh token: goes to `/api/session` alone, so every other route never even sees it. */
export const REFRESH_COOKIE = '__Secure-lares-refresh'
/** The long-lived random name of this browser. */
export const DEVICE_COOKIE = '__Host-lares-device'

const REFRESH_PATH = '/api/session'
const YEAR_S = 365 * 24 * 60 * 60
const ATTRIBUTES = 'HttpOnly; SameSite=Strict'
/** Signed (three parts with dots) or opaque; what else turns up is nobody's. */
const ACCESS_TOKEN = /^[A-Za-z0-9_.-]{16,1024}$/
const OPAQUE_TOKEN = /^[A-Za-z0-9_-]{16,128}$/

/** Over plain HTTP (`TLS_MODE=disabled`) no browser takes a name that promises more. */
const plainName = (name: string): string => name.replace(/^__(Host|Secure)-/, '')

/** A map: a cookie may be called `__proto__`. */
const FORMS: ReadonlyMap<string, RegExp> = new Map([
  [SESSION_COOKIE, ACCESS_TOKEN],
  [REFRESH_COOKIE, OPAQUE_TOKEN],
  [DEVICE_COOKIE, OPAQUE_TOKEN],
])

const BY_PLAIN_NAME: ReadonlyMap<string, string> = new Map([...FORMS.keys()].map((name) => [plainName(name), name]))

/** Our cookies out of a Cookie header. What is not of their form does not count; of two with one name the first does. */
function readCookies(header: string | undefined, scheme: Scheme): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const split = pair.indexOf('=')
    if (split < 0) continue
    const sent = pair.slice(0, split).trim()
    const name = scheme === 'https' ? sent : (BY_PLAIN_NAME.get(sent) ?? '')
    const value = pair.slice(split + 1).trim()
    if (FORMS.get(name)?.test(value) && !found.has(name)) found.set(name, value)
  }
  return found
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

const only = (header: string | string[] | undefined): string | null =>
  header === undefined ? null : Array.isArray(header) ? header.join(',') : header

/** What a request says about who sends it. An API key that is there at all counts, so a wrong one never falls back to cookies. */
export function readCredentials(headers: Headers, scheme: Scheme = 'https'): Credentials {
  const cookies = readCookies(only(headers['cookie']) ?? undefined, scheme)
  return {
    accessToken: cookies.get(SESSION_COOKIE) ?? null,
    refreshToken: cookies.get(REFRESH_COOKIE) ?? null,
    deviceToken: cookies.get(DEVICE_COOKIE) ?? null,
    apiKey: only(headers['x-api-key']),
  }
}

const cookie = (scheme: Scheme, name: string, value: string, path: string, maxAgeS: number): string => {
  const [called, promise] = scheme === 'https' ? [name, 'Secure; '] : [plainName(name), '']
  return `${called}=${value}; Max-Age=${Math.floor(maxAgeS)}; Path=${path}; ${promise}${ATTRIBUTES}`
}

/** Set-Cookie lines of a sign-in or a refresh. */
export function tokenCookies(tokens: IssuedTokens, scheme: Scheme = 'https'): string[] {
  return [
    cookie(scheme, SESSION_COOKIE, tokens.access, '/', tokens.accessMaxAgeS),
    cookie(scheme, REFRESH_COOKIE, tokens.refresh, REFRESH_PATH, tokens.refreshMaxAgeS),
    ...(tokens.device === null ? [] : [cookie(scheme, DEVICE_COOKIE, tokens.device, '/', YEAR_S)]),
  ]
}

/** Signs a browser out; its name stays, so that it is known when it comes back. */
export const clearedTokenCookies = (scheme: Scheme = 'https'): readonly string[] => [
  cookie(scheme, SESSION_COOKIE, '', '/', 0),
  cookie(scheme, REFRESH_COOKIE, '', REFRESH_PATH, 0),
]
