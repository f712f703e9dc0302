import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { Clock } from '../../core/clock.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import { guardedLookup } from '../../core/guarded-lookup.ts'
import { whyNotThere, type ServiceAddress } from '../../core/service-address.ts'
import { webCall, type WebCall } from '../../core/web-call.ts'
import { HANGS_AFTER_MS } from './watched.ts'

export const WHO = 'The remote detector'
const MAX_REPLY_BYTES = 256 * 1024
const MOST_CONNECTIONS = 8

export interface RemoteServerDeps {
  address: Extract<ServiceAddress, { ok: true }>
  key: string
  /** PEM; empty: known authorities alone. */
  ca: string
  clock: Clock
}

/** One remote machine over kept-alive connections: where it may be, who vouches for it, how long and how much it may answer. */
export interface RemoteServer {
  /** The body of a good answer, or null when there is no such path. Throws a LaresError in words. */
  ask(path: string, what?: { contentType: string; body: Buffer }): Promise<string | null>
  end(): void
}

export function openRemoteServer({ address, key, ca, clock }: RemoteServerDeps): RemoteServer {
  const { url, isAllowed } = address
  const isPlain = url.protocol === 'http:'
  const options = { lookup: guardedLookup(isAllowed), keepAlive: true, maxSockets: MOST_CONNECTIONS }
  const trust = ca === '' ? {} : { ca: [...rootCertificates, ca] }
  const agent = isPlain ? new HttpAgent(options) : new HttpsAgent({ ...options, ...trust })
  const base = url.href
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\/v1(\/vision(\/detection)?|\/detector)?$/, '')
  const limits = { agent, clock, timeoutMs: HANGS_AFTER_MS, maxReplyBytes: MAX_REPLY_BYTES, refuseLonger: true }

  return {
    async ask(path, what) {
      const headers = {
        ...(what && { 'content-type': what.contentType }),
        ...(key !== '' && { authorization: `Bearer ${key}` }),
      }
      const method: WebCall['method'] = what ? 'POST' : 'GET'
      try {
        const call = { url: base + path, method, headers, ...limits, ...(what && { body: what.body }) }
        return bodyOf(await webCall(call))
      } catch (error) {
        throw inWords(error, isPlain)
      }
    },
    end: () => agent.destroy(),
  }
}

function bodyOf({ status, body }: { status: number; body: string }): string | null {
  if (status === 200) return body
  if (status === 404 || status === 405) return null
  if (status === 401 || status === 403) throw failed('The remote detector does not accept the key.')
  // A redirect would lead pictures to where nobody agreed to send them.
  if (status >= 300 && status < 400) throw failed('The remote detector wants to lead elsewhere, which is not followed.')
  throw failed(`The remote detector failed (${status}).`)
}

function inWords(error: unknown, isPlain: boolean): LaresError {
  if (isCertificateError(systemCodeOf(error)))
    return failed('The certificate of the remote detector is not one that this box trusts.')
  if (!(error instanceof LaresError)) return failed('The remote detector cannot be reached.')
  if (error.code === 'ADDRESS_REFUSED') return failed(whyNotThere(isPlain, WHO))
  if (error.code === 'REPLY_TOO_LONG') return failed('The answer of the remote detector was far too long.')
  if (error.kind === 'timeout') return failed('The remote detector took too long.')
  return error
}

const failed = (words: string): LaresError => new LaresError('unavailable', words, { code: 'REMOTE_FAILED' })

const isCertificateError = (code: string | undefined): boolean =>
  code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/.test(code)
