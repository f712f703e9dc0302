import { randomBytes } from 'node:crypto'
import { Agent as PlainAgent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { guardedLookup, mayConnectTo } from '../../core/guarded-lookup.ts'
import { webCall, type WebReply } from '../../core/web-call.ts'
import { onvifFailure, reasonOf } from './failure.ts'
import { authorization, readChallenge } from '../sources/http/digest.ts'
import type { OwnNetworks } from './own-networks.ts'
import { envelope, readEnvelope, type SoapAnswer, type SoapRequest } from './soap.ts'
import type { Credentials } from './types.ts'
import type { XmlElement } from './xml.ts'

export interface DeviceCallDeps {
  networks: OwnNetworks
  clock: Clock
  signal: AbortSignal
  /** The only host that anything is sent to. */
  host: string
  credentials: Credentials | null
}

export interface DeviceCaller {
  /** The device's clock, once it is known. */
  setClockOffset(offsetMs: number): void
  /** Asks one operation; the answer's body and header. Throws with a reason. `isOpen`: without signing in. */
  ask(url: string, request: SoapRequest, options?: { isOpen?: boolean; timeoutMs?: number }): Promise<SoapReply>
  /** A picture; null when it is none. */
  fetchPicture(url: string): Promise<Buffer | null>
  close(): void
}

export interface SoapReply {
  header: XmlElement | null
  body: XmlElement
}

const TIMEOUT_MS = 6_000
const MAX_REPLY_BYTES = 1024 * 1024
const MAX_PICTURE_BYTES = 4 * 1024 * 1024

type Method = 'GET' | 'POST'

interface Sender {
  send(url: string, method: Method, sent: Sent, signIn?: string): Promise<WebReply>
  close(): void
}

/** A header as UTF-8 on the wire (RFC 7616, 3.4). */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** Bounded in time and size, no redirects, no other host. */
function createSender({ networks, clock, host, signal }: DeviceCallDeps): Sender {
  const mayReach = (address: string): boolean => networks.mayReach(address)
  const lookup = guardedLookup(mayReach)
  // A connection a call: one that was kept may be dead, and a second try with the same nonce is refused as a replay.
  const plain = new PlainAgent({ lookup, maxSockets: 2 })
  // Cameras sign their own certificates. The password travels as a digest, so that a wrong one learns nothing.
  const secure = new SecureAgent({ lookup, maxSockets: 2, rejectUnauthorized: false })
  return {
    async send(url, method, sent, signIn) {
      const target = URL.parse(url)
      if (target?.hostname.toLowerCase() !== host.toLowerCase() || !mayConnectTo(target.hostname, mayReach))
        throw onvifFailure('wrong-address')
      const { body, timeoutMs = TIMEOUT_MS, maxReplyBytes = MAX_REPLY_BYTES, encoding = 'utf8' } = sent
      const headers = { ...sent.headers, ...(signIn !== undefined && { authorization: asBytes(signIn) }) }
      return webCall({
        ...{ url, method, headers, clock, timeoutMs, maxReplyBytes, signal, encoding, refuseLonger: true },
        agent: target.protocol === 'https:' ? secure : plain,
        ...(body === undefined ? {} : { body }),
      })
    },
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

/** Talks to one device. Passwords travel as digests alone: WS-Security, and HTTP digest where the device asks for it. */
export function createDeviceCaller(deps: DeviceCallDeps): DeviceCaller {
  const { clock, credentials } = deps
  const { send, close } = createSender(deps)
  let offsetMs = 0

  async function sendSigned(url: string, method: Method, sent: Sent): Promise<WebReply> {
    const first = await send(url, method, sent)
    const offered = first.headers['www-authenticate']
    const challenge = first.status === 401 && offered !== undefined ? readChallenge([offered]) : null
    // Basic would show the password to whoever listens.
    if (challenge?.scheme !== 'digest' || !credentials) return first
    const { pathname, search } = new URL(url)
    const asked = { method, uri: pathname + search, count: 1, clientNonce: randomBytes(8).toString('hex') }
    return send(url, method, sent, authorization(challenge, credentials, asked))
  }

  return {
    setClockOffset: (ms) => void (offsetMs = ms),
    async ask(url, request, { isOpen = false, timeoutMs = TIMEOUT_MS } = {}) {
      const action = request.action === undefined ? '' : `; action="${request.action}"`
      const headers = { 'content-type': `application/soap+xml; charset=utf-8${action}` }
      const body = Buffer.from(envelope(request, isOpen ? null : credentials, clock.now() + offsetMs))
      const sent: Sent = { headers, body, timeoutMs }
      try {
        return judge(await (isOpen ? send(url, 'POST', sent) : sendSigned(url, 'POST', sent)))
      } catch (error) {
        if (deps.signal.aborted) throw error
        throw error instanceof LaresError && error.code === reasonOf(error)
          ? error
          : onvifFailure(reasonOf(error), error)
      }
    },
    async fetchPicture(url) {
      const sent: Sent = { headers: {}, maxReplyBytes: MAX_PICTURE_BYTES, encoding: 'latin1' }
      const { status, body } = await sendSigned(url, 'GET', sent)
      const picture = Buffer.from(body, 'latin1')
      return status === 200 && picture.subarray(0, 3).equals(JPEG_BEGIN) ? picture : null
    },
    close,
  }
}

interface Sent {
  headers: Record<string, string>
  body?: Buffer
  timeoutMs?: number
  maxReplyBytes?: number
  encoding?: 'utf8' | 'latin1'
}

const JPEG_BEGIN = Buffer.from([0xff, 0xd8, 0xff])
const BAD_LOGIN: ReadonlySet<string> = new Set([
  'NotAuthorized',
  'FailedAuthentication',
  'InvalidSecurity',
  'SenderNotAuthorized',
])

/** An answer, or the reason why there is none. */
function judge({ status, body }: WebReply): SoapReply {
  const answer = readAnswer(body)
  if (answer?.kind === 'answer' && status < 400) return { header: answer.header, body: answer.body }
  if (answer?.kind === 'fault') throw failureOfFault(answer)
  if (status === 401) throw onvifFailure('wrong-password')
  if (status === 403) throw onvifFailure('refused')
  throw onvifFailure(answer ? 'bad-answer' : 'not-onvif')
}

function readAnswer(text: string): SoapAnswer | null {
  // A web page at that place is no broken answer but none.
  if (!/<(?:[\w-]+:)?Envelope[\s>]/.test(text.slice(0, 4_000))) return null
  return readEnvelope(text)
}

function failureOfFault({ codes, words }: { codes: readonly string[]; words: string }): LaresError {
  if (/lock/i.test(words) && !/unlock/i.test(words)) return onvifFailure('locked-out')
  if (codes.some((code) => BAD_LOGIN.has(code)) || /authori[sz]|authentic|password/i.test(words)) {
    return onvifFailure('wrong-password')
  }
  if (codes.some((code) => code === 'OperationProhibited')) return onvifFailure('refused')
  return onvifFailure('bad-answer', new Error(`Fault ${codes.join(' ')}: ${words.slice(0, 200)}`))
}
