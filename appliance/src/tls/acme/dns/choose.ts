import type { DnsConfig } from '../config.ts'
import { createCloudflare } from './cloudflare.ts'
import { createDuckDns } from './duckdns.ts'
import { createGreenlockPlugin } from './greenlock-plugin.ts'
import { createRfc2136 } from './rfc2136.ts'
import type { DnsProvider, DnsProviderDeps } from './types.ts'
import { createWebhook } from './webhook.ts'

/** Who changes the records, as configured; null when nobody does. */
export function chooseProvider(deps: DnsProviderDeps, dns: DnsConfig): DnsProvider | null {
  switch (dns.provider) {
    case 'none':
      return null
    case 'cloudflare':
      return createCloudflare(deps.call, dns.cloudflareToken)
    case 'duckdns':
      return createDuckDns(deps.call, dns.duckdnsToken)
    case 'rfc2136':
      return createRfc2136(deps, dns.rfc2136)
    case 'webhook':
      return createWebhook(deps, dns.webhook)
    case 'plugin':
      return createGreenlockPlugin(deps, dns.plugin)
  }
}
