import { isIP } from 'node:net'
import { sha256Hex } from '../../core/crypto.ts'
import type { Settings } from '../../settings/types.ts'
import { isWildcard, namesIn } from './names.ts'
import { acmeDefinitions, acmeSettings, type CHALLENGES, type DNS_PROVIDERS, type TSIG_ALGORITHMS } from './settings.ts'

/** Everything that the owner decides about public certificates. Empty text: not given. */
export interface AcmeConfig {
  directoryUrl: string
  directoryRoot: string
  names: readonly string[]
  email: string
  agreeTerms: boolean
  challenge: (typeof CHALLENGES)[number]
  profile: string
  externalAccount: { kid: string; hmacKey: string } | null
  dns: DnsConfig
}

export interface DnsConfig {
  provider: (typeof DNS_PROVIDERS)[number]
  waitS: number
  cloudflareToken: string
  duckdnsToken: string
  rfc2136: {
    server: string
    zone: string
    keyName: string
    algorithm: (typeof TSIG_ALGORITHMS)[number]
    secret: string
  }
  webhook: { url: string; token: string }
  plugin: { module: string; options: string }
}

export function readConfig(settings: Pick<Settings, 'get'>): AcmeConfig {
  const [kid, hmacKey] = [settings.get(acmeSettings.eabKid), settings.get(acmeSettings.eabHmacKey)]
  return {
    directoryUrl: settings.get(acmeSettings.directoryUrl),
    directoryRoot: settings.get(acmeSettings.directoryRoot),
    names: namesIn(settings.get(acmeSettings.domains)),
    email: settings.get(acmeSettings.email),
    agreeTerms: settings.get(acmeSettings.agreeTerms),
    challenge: settings.get(acmeSettings.challenge),
    profile: settings.get(acmeSettings.profile),
    externalAccount: kid === '' && hmacKey === '' ? null : { kid, hmacKey },
    dns: {
      provider: settings.get(acmeSettings.dnsProvider),
      waitS: settings.get(acmeSettings.dnsWaitS),
      cloudflareToken: settings.get(acmeSettings.cloudflareToken),
      duckdnsToken: settings.get(acmeSettings.duckdnsToken),
      rfc2136: {
        server: settings.get(acmeSettings.rfc2136Server),
        zone: settings.get(acmeSettings.rfc2136Zone),
        keyName: settings.get(acmeSettings.rfc2136KeyName),
        algorithm: settings.get(acmeSettings.rfc2136Algorithm),
        secret: settings.get(acmeSettings.rfc2136Secret),
      },
      webhook: { url: settings.get(acmeSettings.webhookUrl), token: settings.get(acmeSettings.webhookToken) },
      plugin: { module: settings.get(acmeSettings.plugin), options: settings.get(acmeSettings.pluginOptions) },
    },
  }
}

/** Calls `listener` when any of them changes. The returned function ends that. */
export function onConfigChange(settings: Pick<Settings, 'onChange'>, listener: () => void): () => void {
  // One by one their types differ; here only that something changed counts.
  const stops = acmeDefinitions.map((definition) => settings.onChange(definition as never, listener))
  return () => stops.forEach((stop) => stop())
}

/** The same text for the same configuration, and nothing can be read out of it. */
export const configMark = (config: AcmeConfig): string => sha256Hex(JSON.stringify(config)).slice(0, 16)

const PROVIDER_NEEDS: Readonly<Record<DnsConfig['provider'], (dns: DnsConfig) => string | null>> = {
  none: () => 'Choose who changes the records of the name (acme.dnsProvider), or use http-01.',
  cloudflare: ({ cloudflareToken }) => (cloudflareToken === '' ? 'The Cloudflare token is missing.' : null),
  duckdns: ({ duckdnsToken }) => (duckdnsToken === '' ? 'The DuckDNS token is missing.' : null),
  rfc2136({ rfc2136: { server, keyName, secret } }) {
    if (server === '') return 'The name server that takes changes (acme.rfc2136Server) is missing.'
    return (keyName === '') === (secret === '') ? null : 'Give both the name and the secret of the TSIG key.'
  },
  webhook: ({ webhook }) => (webhook.url === '' ? 'The address of the webhook is missing.' : null),
  plugin: ({ plugin }) => (plugin.module === '' ? 'The package or file of the plugin is missing.' : null),
}

/** One plain sentence while nothing can be ordered yet, or null. */
export function configProblem({ names, challenge, externalAccount, dns }: AcmeConfig): string | null {
  if (names.length === 0) return 'There is no name yet that the certificate is for (acme.domains).'
  if (externalAccount && (externalAccount.kid === '' || externalAccount.hmacKey === ''))
    return 'Give both the key id and the key for new accounts, or neither.'
  const wildcard = names.find(isWildcard)
  if (challenge === 'http-01')
    return wildcard === undefined ? null : `${wildcard} needs dns-01: no web server can prove a whole domain.`
  const address = names.find((name) => isIP(name) !== 0)
  if (address !== undefined) return `${address} is an address: only http-01 can prove one.`
  return PROVIDER_NEEDS[dns.provider](dns)
}
