/** `__Host-` ties the cookie to this very host over HTTPS: no subdomain and no plain page can set it. */
export const SESSION_COOKIE = '__Host-lares'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'
const TOKEN = /^[A-Za-z0-9_-]{16,256}$/

/** The token out of a Cookie header, or null. */
export function readSessionToken(cookieHeader: string | undefined): string | null {
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === SESSION_COOKIE && value !== undefined && TOKEN.test(value)) return value
  }
  return null
}

export function sessionCookie(token: string, maxAgeS: number): string {
  return `${SESSION_COOKIE}=${token}; Max-Age=${Math.floor(maxAgeS)}; ${ATTRIBUTES}`
}

export const clearedSessionCookie = `${SESSION_COOKIE}=; Max-Age=0; ${ATTRIBUTES}`
