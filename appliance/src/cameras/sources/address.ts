// Addresses of cameras as people type them: what is secret in them is taken out. Pure.
import { LaresError } from '../../core/errors.ts'
import type { Credentials } from './types.ts'

const HIDDEN = '•••'
const SECRET_IN_ADDRESS = /((?:password|passwd|pass?|pwd|psw|pw|token|auth|secret|key|sig)=)([^&/?#]+)/gi
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL_OR_SPACE = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029]/
const HOST = /^(\[[0-9a-f:.]+(%[\w.-]+)?\]|[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)(:\d{1,5})?$/i

export function refuse(message: string): LaresError {
  return new LaresError('invalid', message, { details: { field: 'source' } })
}

export interface AddressRules {
  /** Scheme → the port that is meant when none is named. The first is the one when no scheme is typed. */
  schemes: Readonly<Record<string, number>>
  /** Ends every refusal: what an address looks like. */
  remedy: string
}

export interface SplitAddress {
  address: string
  username?: string
  password?: string
}

export interface TypedAddress {
  url: string
  username?: string | undefined
  password?: string | undefined
}

/**
 * An address as typed → what is shown and what is sealed. A password that is left out, and a part shown as `•••`, stay as
 * `stored` has them while the address stays the same one: another host never gets them.
 */
export function readAddress(
  typed: TypedAddress,
  rules: AddressRules,
  stored: { address: string; credentials: Credentials | null } | null,
): { shown: string; credentials: Credentials | null } {
  const { address, username, password } = splitAddress(typed.url, rules)
  const kept = stored?.address === address ? stored.credentials : null
  const shown = address.replace(SECRET_IN_ADDRESS, `$1${HIDDEN}`)
  const credentials: Credentials = {
    username: typed.username ?? username ?? kept?.username,
    password: typed.password ?? password ?? kept?.password,
    address: address.includes(HIDDEN) ? keptAddress(kept) : shown === address ? undefined : address,
  }
  const anything = Object.values(credentials).some((value) => value !== undefined)
  return { shown, credentials: anything ? credentials : null }
}

/** What of an address and its credentials the app may see. */
export function showAddress(address: string, credentials: Credentials | null) {
  return {
    address,
    ...(credentials?.username === undefined ? {} : { username: credentials.username }),
    hasPassword: credentials?.password !== undefined || credentials?.address !== undefined,
  }
}

/** The address with everything in it: never logged, never shown. */
export function withSecrets(shown: string, credentials: Credentials | null): string {
  const { username, password, address = shown } = credentials ?? {}
  if (username === undefined && password === undefined) return address
  return address.replace('://', `://${encode(username ?? '')}:${encode(password ?? '')}@`)
}

function keptAddress(kept: Credentials | null): string {
  if (kept?.address !== undefined) return kept.address
  throw refuse(`The address still has a hidden part (${HIDDEN}). Type it out.`)
}

/** Scheme optional; whatever stands before the last sensible `@` is user and password, special characters and all. */
export function splitAddress(typed: string, rules: AddressRules): SplitAddress {
  const { schemes, remedy } = rules
  if (CONTROL_OR_SPACE.test(typed))
    throw refuse(`The address has a space or a character that cannot be seen in it. ${remedy}`)
  const written = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)
  const scheme = written ? (written[1] ?? '').toLowerCase() : (Object.keys(schemes)[0] ?? '')
  const usualPort = schemes[scheme]
  if (usualPort === undefined) throw refuse(`Lares cannot watch ${scheme}:// addresses this way. ${remedy}`)
  const rest = written ? typed.slice(written[0].length) : typed
  const at = whereCredentialsEnd(rest)
  const location = rest.slice(at + 1)
  const host = location.split(/[/?#]/, 1)[0] ?? ''
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? usualPort)
  if (!HOST.test(host) || port < 1 || port > 65_535) throw refuse(`That is not an address of a camera. ${remedy}`)
  const address = `${scheme}://${location}`
  if (at < 0) return { address }
  const [user = '', ...secret] = rest.slice(0, at).split(':')
  return { address, username: decode(user), ...(secret.length > 0 ? { password: decode(secret.join(':')) } : {}) }
}

/** Index of the `@` that ends the credentials, or -1. A password may itself have `@`, `/`, `?` or `#` in it. */
function whereCredentialsEnd(rest: string): number {
  const authority = rest.split(/[/?#]/, 1)[0] ?? ''
  if (!authority.includes('@') && HOST.test(authority)) return -1
  const marks = [...rest.matchAll(/@/g)].map((match) => match.index).reverse()
  const hostAfter = (at: number): string => rest.slice(at + 1).split(/[/?#]/, 1)[0] ?? ''
  const clearly = marks.find((at) => HOST.test(hostAfter(at)) && /[.:]|^localhost$/i.test(hostAfter(at)))
  return clearly ?? marks.find((at) => HOST.test(hostAfter(at))) ?? -1
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A lone % is part of the password as typed.
  }
}

/** Also the characters that encodeURIComponent leaves: some cameras' own parsers stumble over them. */
function encode(text: string): string {
  // Half a character from elsewhere than the app must cost this one camera its password, not the box its start.
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Host of an address of any scheme; null when it has none. */
export function hostOf(address: string): string | null {
  // Node reads the host of web addresses alone.
  return URL.parse(address.replace(/^[a-z]+:/i, 'http:'))?.hostname ?? null
}
