import { Agent as PlainAgent } from 'node:http'
import { Agent } from 'node:https'
import { createSecureContext, getCACertificates } from 'node:tls'
import { isHomeAddress, isInternetAddress } from '../../core/addresses.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import { guardedLookup, mayConnectTo } from '../../core/guarded-lookup.ts'
import { webCall, type WebReply } from '../../core/web-call.ts'
import { later, readRetryAfter, refused, DELIVERED, type SendOutcome } from '../outbox/outcome.ts'

export interface HttpTargetOptions {
  /** PEM text of a further root; empty: none. */
  ca: string
  /** Addresses inside the home are fine too. */
  allowHome: boolean
  /** And this machine itself; tests alone. */
  allowSelf: boolean
}

export interface HttpMessage {
  url: string
  method?: 'POST' | 'PUT'
  headers: Readonly<Record<string, string>>
  body: Buffer
  timeoutMs: number
  signal: AbortSignal
}

/** A server that the owner named: called without following redirects, and never where a box must not be led to. */
export interface HttpTarget {
  call(message: HttpMessage): Promise<WebReply>
  close(): void
}

/** This machine, and the link that cloud machines hand out their secrets on. */
const OWN = /^(127\.|0\.|169\.254\.|::1$|::ffff:|fe80:)/i

export const mayCall =
  ({ allowHome, allowSelf }: Pick<HttpTargetOptions, 'allowHome' | 'allowSelf'>) =>
  (address: string): boolean => {
    if (isInternetAddress(address)) return true
    if (!isHomeAddress(address)) return false
    return OWN.test(address) ? allowSelf : allowHome
  }

export function createHttpTarget(clock: Clock, options: HttpTargetOptions): HttpTarget {
  const isAllowed = mayCall(options)
  // What is not encrypted stays at home.
  const isAllowedPlain = (address: string): boolean => !isInternetAddress(address) && isAllowed(address)
  const kept = { keepAlive: true, maxSockets: 4, timeout: 30_000 }
  const secureContext = createSecureContext(
    options.ca === '' ? {} : { ca: [...getCACertificates('default'), options.ca] },
  )
  const secure = new Agent({ ...kept, secureContext, lookup: guardedLookup(isAllowed) } as never)
  const plain = new PlainAgent({ ...kept, lookup: guardedLookup(isAllowedPlain) } as never)

  return {
    call({ url, ...message }) {
      const { protocol, hostname } = new URL(url)
      const isPlain = protocol === 'http:'
      if (!mayConnectTo(hostname, isPlain ? isAllowedPlain : isAllowed)) throw refusedAddress(hostname)
      return webCall({ url, method: 'POST', ...message, agent: isPlain ? plain : secure, clock })
    },
    close() {
      secure.destroy()
      plain.destroy()
    },
  }
}

function refusedAddress(hostname: string): LaresError {
  return new LaresError('forbidden', `${hostname} is an address that Lares does not call.`, { code: 'ADDRESS_REFUSED' })
}

/** What the answer of such a server means; `who` names it. */
export function outcomeOfHttp({ status, headers }: WebReply, who: string, now: number): SendOutcome {
  if (status >= 200 && status < 300) return DELIVERED
  if (status === 429 || status >= 500) {
    const words = status === 429 ? `${who} asks for patience.` : `${who} is out of order (${status}).`
    return later(words, readRetryAfter(headers['retry-after'], now))
  }
  if (status === 401 || status === 403)
    return refused(`${who} does not let Lares in (${status}): check the password or token.`)
  if (status >= 300 && status < 400)
    return refused(`${who} leads elsewhere (${status}); Lares does not follow. Set the address it leads to.`)
  return refused(`${who} refused it (${status}).`)
}

/** No answer at all. */
export function outcomeOfFailure(error: unknown, who: string): SendOutcome {
  const code = systemCodeOf(error) ?? ''
  if (code === 'ADDRESS_REFUSED')
    return refused(`${who} is where Lares does not call: this box itself, or inside the home without your leave.`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return later(`${who} cannot be found. Is its name right, and the network up?`)
  if (/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO_/.test(code))
    return later(`${who} shows a certificate that Lares does not trust (${code}).`)
  if (error instanceof LaresError && error.kind === 'timeout') return later(`${who} does not answer in time.`)
  return later(`${who} cannot be reached${code === '' ? '' : ` (${code})`}.`)
}
