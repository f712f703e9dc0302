import { Agent as PlainAgent } from 'node:http'
import { Agent } from 'node:https'
import { isHomeAddress, isInternetAddress } from '../../../core/addresses.ts'
import { guardedLookup, mayConnectTo } from '../../../core/guarded-lookup.ts'
import { webCall } from '../../../core/web-call.ts'
import type { DnsConfig } from '../config.ts'
import { CALL_TIMEOUT_MS } from '../client.ts'
import { ask, providerError } from './replies.ts'
import type { DnsProvider, DnsProviderDeps } from './types.ts'

const WHO = 'The webhook'

/** This box itself and link-local: management pages without passwords live there. */
const isThisBox = (address: string): boolean =>
  /^(127\.|169\.254\.|0\.|::1$|::$|fe80:)/i.test(address.replace(/^::ffff:/i, ''))

const inHomeOrInternet = (address: string): boolean =>
  !isThisBox(address) && (isHomeAddress(address) || isInternetAddress(address))

/**
 * The owner's own program: POST with JSON `{"action": "set" | "remove", "fqdn", "type": "TXT", "value"}`, answered by any
 * 2xx. Without TLS only inside the home, and never to this box itself: an address that a page can set must not reach
 * what listens on loopback.
 */
export function createWebhook(deps: DnsProviderDeps, { url, token }: DnsConfig['webhook']): DnsProvider {
  const isAllowed = deps.isAllowedAddress ?? inHomeOrInternet
  const isPlain = url.startsWith('http:')
  const mayReach = isPlain ? (address: string): boolean => isAllowed(address) && isHomeAddress(address) : isAllowed
  const options = { lookup: guardedLookup(mayReach) }
  const agent = isPlain ? (new PlainAgent(options) as unknown as Agent) : new Agent(options)

  async function post(action: 'set' | 'remove', fqdn: string, value: string, signal: AbortSignal): Promise<void> {
    if (!mayConnectTo(new URL(url).hostname, mayReach))
      throw providerError(WHO, isPlain ? 'without TLS it must stand in the home' : 'its address is not one to call')
    const answer = await ask(WHO, webCallWith(deps, agent), {
      ...{ url, method: 'POST', signal },
      headers: { 'content-type': 'application/json', ...(token !== '' && { authorization: `Bearer ${token}` }) },
      body: Buffer.from(JSON.stringify({ action, fqdn, type: 'TXT', value })),
    })
    if (answer.status < 200 || answer.status > 299) throw providerError(WHO, `answered ${answer.status}`)
  }

  return {
    name: 'Webhook',
    set: (fqdn, value, signal) => post('set', fqdn, value, signal),
    remove: (fqdn, value, signal) => post('remove', fqdn, value, signal),
  }
}

const webCallWith =
  ({ clock }: DnsProviderDeps, agent: Agent) =>
  (call: Parameters<DnsProviderDeps['call']>[0]) =>
    webCall({ timeoutMs: CALL_TIMEOUT_MS, ...call, clock, agent })
