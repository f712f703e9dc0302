// Which settings of a public certificate matter for the way that was chosen. Pure.
import type { SettingEntry } from '../../wire-people.ts'

const ALWAYS = ['domains', 'email', 'agreeTerms', 'challenge']
const BY_PROVIDER: Readonly<Record<string, readonly string[]>> = {
  cloudflare: ['cloudflareToken'],
  duckdns: ['duckdnsToken'],
  rfc2136: ['rfc2136Server', 'rfc2136Zone', 'rfc2136KeyName', 'rfc2136Algorithm', 'rfc2136Secret'],
  webhook: ['webhookUrl', 'webhookToken'],
  plugin: ['plugin', 'pluginOptions'],
}

/** In the order of filling them in. The rare ones stay on the page of all settings. */
export function acmeKeys(list: readonly SettingEntry[]): SettingEntry[] {
  const valueOf = (name: string): unknown => list.find(({ key }) => key === `acme.${name}`)?.value
  const byDns =
    valueOf('challenge') === 'dns-01' ? ['dnsProvider', ...(BY_PROVIDER[String(valueOf('dnsProvider'))] ?? [])] : []
  return [...ALWAYS, ...byDns].flatMap((name) => list.filter(({ key }) => key === `acme.${name}`))
}
