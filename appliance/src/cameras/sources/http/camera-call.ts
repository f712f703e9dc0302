import { randomBytes } from 'node:crypto'
import { request as requestPlain, type IncomingMessage } from 'node:http'
import { request as requestSecure, type RequestOptions } from 'node:https'
import type { Clock } from '../../../core/clock.ts'
import { LaresError, systemCodeOf } from '../../../core/errors.ts'
import { guardedLookup, mayConnectTo } from '../../../core/guarded-lookup.ts'
import { troubleError } from '../../problems.ts'
import { authorization, readChallenge, type Challenge, type SignIn } from './digest.ts'

const MOST_REDIRECTS = 3

export interface CameraCallDeps {
  clock: Clock
  /** Whether an IP address may be connected to: the home's, but not the box itself. */
  mayReach(address: string): boolean
}

export interface CameraAddress {
  /** Without credentials. */
  url: string
  signIn: SignIn | null
  anyCertificate: boolean
}

/** One camera asked over HTTP. It remembers the sign-in, so that each picture costs one request. */
export interface CameraCaller {
  /** Resolves with an answer of 200 or 304, its body unread. Rejects with what is wrong, in words and without secrets. */
  get(headers: Readonly<Record<string, string>>, timeoutMs: number, signal: AbortSignal): Promise<IncomingMessage>
}

export function createCameraCaller(address: CameraAddress, deps: CameraCallDeps): CameraCaller {
  let challenge: Challenge | null = null
  let count = 0
  const clientNonce = randomBytes(8).toString('hex')

  function signedIn(url: URL): Record<string, string> {
    if (!challenge || !address.signIn) return {}
    const asked = { method: 'GET', uri: url.pathname + url.search, count: ++count, clientNonce }
    return { authorization: authorization(challenge, address.signIn, asked) }
  }

  return {
    async get(headers, timeoutMs, signal) {
      let url = new URL(address.url)
      let hasTriedPassword = false
      for (let turn = 0; turn <= MOST_REDIRECTS + 1; turn++) {
        const reply = await ask(url, { ...headers, ...signedIn(url) }, address, deps, timeoutMs, signal)
        const status = reply.statusCode ?? 0
        if (status === 200 || status === 304) return reply
        reply.destroy()
        if (status === 401 && address.signIn && !hasTriedPassword) {
          // A nonce wears out: asked anew once, and only once, since cameras lock accounts.
          hasTriedPassword = true
          challenge = readChallenge(challengesOf(reply))
          count = 0
          if (challenge) continue
        }
        if (status >= 300 && status < 400) url = redirected(url, reply.headers.location)
        else throw refusal(status)
      }
      throw troubleError('wrong-address')
    },
  }
}

/** Header lines that came several times are kept apart only in the raw list. */
function challengesOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && /^www-authenticate$/i.test(rawHeaders[at - 1] ?? ''))
}

function refusal(status: number): LaresError {
  if (status === 401 || status === 403) return troubleError('wrong-password')
  return troubleError(status === 404 || status === 410 || status < 500 ? 'wrong-address' : 'unreachable')
}

/** Only to another place on the same host and port, never from HTTPS to HTTP: the password would go along. */
function redirected(from: URL, location: string | undefined): URL {
  let to: URL
  try {
    to = new URL(location ?? '', from)
  } catch (cause) {
    throw troubleError('wrong-address', cause)
  }
  if (to.origin !== from.origin || to.username !== '' || to.password !== '') throw troubleError('wrong-address')
  return to
}

function ask(
  url: URL,
  headers: Record<string, string>,
  { anyCertificate }: CameraAddress,
  { clock, mayReach }: CameraCallDeps,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (!mayConnectTo(url.hostname, mayReach)) return Promise.reject(troubleError('address-refused'))
  return new Promise((resolve, reject) => {
    // Its own connection, which nothing else has a hand in.
    const options: RequestOptions = {
      ...{ method: 'GET', headers: { accept: 'image/jpeg, multipart/x-mixed-replace', ...headers }, signal },
      ...{ lookup: guardedLookup(mayReach), agent: false, maxHeaderSize: 16_384 },
    }
    const isPlain = url.protocol === 'http:'
    const call = isPlain
      ? requestPlain(url, options)
      : requestSecure(url, { ...options, rejectUnauthorized: !anyCertificate })
    const cancel = clock.after(timeoutMs, () => call.destroy(troubleError('unreachable')))
    call.once('response', (reply) => {
      cancel()
      reply.on('error', () => undefined)
      resolve(reply)
    })
    call.on('error', (error) => {
      cancel()
      reject(asTrouble(error))
    })
    call.end()
  })
}

function asTrouble(error: Error): LaresError {
  if (error instanceof LaresError) return error.code === 'ADDRESS_REFUSED' ? troubleError('address-refused') : error
  const code = systemCodeOf(error) ?? ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return troubleError('wrong-address')
  const isCertificate = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code)
  return troubleError(isCertificate ? 'untrusted-certificate' : 'unreachable')
}
