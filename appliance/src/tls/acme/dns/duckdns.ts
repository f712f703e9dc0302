import type { WebCaller } from '../../../core/web-call.ts'
import { ask, providerError } from './replies.ts'
import type { DnsProvider } from './types.ts'

const API = 'https://www.duckdns.org/update'
const WHO = 'DuckDNS'
const ENDING = '.duckdns.org'

/** `_acme-challenge.cams.myhome.duckdns.org` → `myhome`: a DuckDNS name has one text, shown under everything below it. */
function domainOf(fqdn: string): string {
  const name = fqdn.toLowerCase()
  const domain = name.endsWith(ENDING) ? name.slice(0, -ENDING.length).split('.').at(-1) : undefined
  if (domain === undefined || domain === '' || domain === '_acme-challenge')
    throw providerError(WHO, `${fqdn} is no name of DuckDNS`)
  return domain
}

/** DuckDNS's update call. It holds one text at a time, so that proofs must come one after the other. */
export function createDuckDns(call: WebCaller, token: string): DnsProvider {
  /** What this box wrote last, by domain: `clear` takes away whatever is there, so only our own may be cleared. */
  const written = new Map<string, string>()

  async function update(domain: string, value: string, clear: boolean, signal: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ domains: domain, token, txt: value, ...(clear && { clear: 'true' }) })
    const answer = await ask(WHO, call, { url: `${API}?${query.toString()}`, method: 'GET', headers: {}, signal })
    if (answer.status === 200 && answer.body.trim().startsWith('OK')) return
    const why = answer.body.trim().startsWith('KO') ? 'refused the name or the token' : `answered ${answer.status}`
    throw providerError(WHO, why)
  }

  return {
    name: WHO,
    async set(fqdn, value, signal) {
      const domain = domainOf(fqdn)
      await update(domain, value, false, signal)
      written.set(domain, value)
    },
    async remove(fqdn, value, signal) {
      const domain = domainOf(fqdn)
      if (written.get(domain) !== value) return
      await update(domain, value, true, signal)
      written.delete(domain)
    },
  }
}
