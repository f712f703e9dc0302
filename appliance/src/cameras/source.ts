import { isAbsolute } from 'node:path'
import { cameraSource, type CameraSourceInput } from '../api/cameras.ts'
import { LaresError } from '../core/errors.ts'
import type { StreamSource } from '../media/index.ts'

/** What may be shown and stored in the open. `address` carries no user, no password, and `•••` for secrets in its query. */
export type StoredSource = { kind: 'rtsp'; address: string; transport: 'tcp' | 'udp' } | { kind: 'file'; path: string }

/** What is sealed. `address` is the real one when the shown one has something hidden. */
export interface Credentials {
  username?: string | undefined
  password?: string | undefined
  address?: string | undefined
}

export interface ParsedSource {
  source: StoredSource
  credentials: Credentials | null
}

const HIDDEN = '•••'
const SECRET_IN_ADDRESS = /((?:password|passwd|pass?|pwd|psw|pw|token|auth|secret|key|sig)=)([^&/?#]+)/gi
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL_OR_SPACE = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029]/
const HOST = /^(\[[0-9a-f:.]+(%[\w.-]+)?\]|[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)(:\d{1,5})?$/i
const REMEDY = 'It looks like rtsp://192.168.1.20:554/stream1; the camera’s manual or app shows it.'

function refuse(message: string): LaresError {
  return new LaresError('invalid', message, { details: { field: 'source' } })
}

/**
 * Checks an address or path as typed and takes the secrets out. `stored` is what a camera has now: a password that is
 * left out, and a part shown as `•••`, stay as they are while the address stays the same one.
 * Throws `invalid` with a sentence for the person.
 */
export function parseSource(input: CameraSourceInput, stored: ParsedSource | null = null): ParsedSource {
  const typed = cameraSource.parse(input)
  if (typed.kind === 'file') return { source: { kind: 'file', path: checkPath(typed.path) }, credentials: null }
  const { address, username, password } = splitAddress(typed.url)
  const kept = stored?.source.kind === 'rtsp' && stored.source.address === address ? stored.credentials : null
  const shown = address.replace(SECRET_IN_ADDRESS, `$1${HIDDEN}`)
  const credentials: Credentials = {
    username: typed.username ?? username ?? kept?.username,
    password: typed.password ?? password ?? kept?.password,
    address: address.includes(HIDDEN) ? keptAddress(kept) : shown === address ? undefined : address,
  }
  const anything = Object.values(credentials).some((value) => value !== undefined)
  return {
    source: { kind: 'rtsp', address: shown, transport: typed.transport },
    credentials: anything ? credentials : null,
  }
}

function keptAddress(kept: Credentials | null): string {
  if (kept?.address !== undefined) return kept.address
  throw refuse(`The address still has a hidden part (${HIDDEN}). Type it out.`)
}

function checkPath(path: string): string {
  if (!isAbsolute(path)) throw refuse('Give the whole path of the file on the box, beginning with /.')
  if (path.includes('\0')) throw refuse('That is not a path of a file.')
  return path
}

/** Scheme optional; whatever stands before the last sensible `@` is user and password, special characters and all. */
function splitAddress(typed: string): { address: string; username?: string; password?: string } {
  if (CONTROL_OR_SPACE.test(typed))
    throw refuse(`The address has a space or a character that cannot be seen in it. ${REMEDY}`)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)
  if (scheme && scheme[1]?.toLowerCase() !== 'rtsp') {
    throw refuse(`Lares can only watch rtsp:// addresses so far, not ${scheme[1] ?? ''}://. ${REMEDY}`)
  }
  const rest = scheme ? typed.slice(scheme[0].length) : typed
  const at = whereCredentialsEnd(rest)
  const location = rest.slice(at + 1)
  const host = location.split(/[/?#]/, 1)[0] ?? ''
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? 554)
  if (!HOST.test(host) || port < 1 || port > 65_535) throw refuse(`That is not an address of a camera. ${REMEDY}`)
  const address = `rtsp://${location}`
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

/** Everything ffmpeg needs, secrets included: never logged, never shown. */
export function toStreamSource({ source, credentials }: ParsedSource): StreamSource {
  if (source.kind === 'file') return source
  const { username, password, address = source.address } = credentials ?? {}
  if (username === undefined && password === undefined)
    return { kind: 'rtsp', url: address, transport: source.transport }
  const pair = `${encode(username ?? '')}:${encode(password ?? '')}`
  return { kind: 'rtsp', url: address.replace('rtsp://', `rtsp://${pair}@`), transport: source.transport }
}

/** Also the characters that encodeURIComponent leaves: some cameras' own parsers stumble over them. */
function encode(text: string): string {
  // Half a character from elsewhere than the app must cost this one camera its password, not the box its start.
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
