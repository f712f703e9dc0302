import { z } from 'zod'
import type { SettingDefinition } from '../../settings/types.ts'
import { namesProblem } from './names.ts'

export const CHALLENGES = ['http-01', 'dns-01'] as const
export const DNS_PROVIDERS = ['none', 'cloudflare', 'duckdns', 'rfc2136', 'webhook', 'plugin'] as const
export const TSIG_ALGORITHMS = ['hmac-sha256', 'hmac-sha512', 'hmac-sha384', 'hmac-sha1'] as const

/** Printable, without what would end a header or a line of a file. */
const plain = (most: number): z.ZodString =>
  z
    .string()
    .max(most)
    .regex(/^[\x21-\x7e]*$/, 'has spaces or letters that do not belong there')
const isHttps = (text: string): boolean => URL.canParse(text) && new URL(text).protocol === 'https:'
const isWeb = (text: string): boolean => text === '' || (URL.canParse(text) && /^https?:/.test(text))
const EMAIL = /^([^\s<>@,]+@[^\s<>@,]+\.[^\s<>@,]+)?$/
const DNS_NAME = /^([A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?)?$/

const text = (
  key: string,
  env: string,
  words: string,
  schema: z.ZodType<string>,
  initial = '',
): SettingDefinition<string> => ({ key, env, words, schema, initial })

const secret = (key: string, env: string, words: string, most = 512): SettingDefinition<string> => ({
  ...{ key, env, words, schema: plain(most), initial: '', secret: true },
})

/** Certificates of Let's Encrypt and other authorities that speak ACME (SEC-B4). */
export const acmeSettings = {
  directoryUrl: text(
    'acme.directoryUrl',
    'ACME_DIRECTORY_URL',
    "Directory of the certificate authority; Let's Encrypt when left alone.",
    z.string().max(500).refine(isHttps, 'is no https address'),
    'https://acme-v02.api.letsencrypt.org/directory',
  ),
  directoryRoot: text(
    'acme.directoryRoot',
    'ACME_DIRECTORY_ROOT',
    'PEM file on this box with the root of the authority itself, for one of your own such as step-ca.',
    z.string().max(500),
  ),
  domains: text(
    'acme.domains',
    'ACME_DOMAINS',
    'Names that the certificate is for, with commas between; *.name only with dns-01.',
    z.string().max(2_000).superRefine(checkNames),
  ),
  email: text(
    'acme.email',
    'ACME_EMAIL',
    'Address at which the authority may reach you; it may stay empty.',
    z.string().max(200).regex(EMAIL, 'is no e-mail address'),
  ),
  agreeTerms: {
    key: 'acme.agreeTerms',
    env: 'ACME_AGREE_TERMS',
    words: 'Whether you agree to the terms of the authority. Without it there is no certificate.',
    schema: z.boolean(),
    initial: false,
  } satisfies SettingDefinition<boolean>,
  challenge: {
    key: 'acme.challenge',
    env: 'ACME_CHALLENGE',
    words: 'How you prove that the name is yours: http-01 needs port 80 from the internet, dns-01 a provider below.',
    schema: z.enum(CHALLENGES),
    initial: 'http-01',
  } satisfies SettingDefinition<(typeof CHALLENGES)[number]>,
  profile: text(
    'acme.profile',
    'ACME_PROFILE',
    'Kind of certificate, where the authority offers several, such as tlsserver or shortlived.',
    z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9._-]*$/, 'is no name of a profile'),
  ),
  eabKid: text('acme.eabKid', 'ACME_EAB_KID', 'Key id that some authorities hand out for new accounts.', plain(256)),
  eabHmacKey: secret('acme.eabHmacKey', 'ACME_EAB_HMAC_KEY', 'The key that belongs to it, base64url.'),
  dnsProvider: {
    key: 'acme.dnsProvider',
    env: 'ACME_DNS_PROVIDER',
    words: 'Who changes the records of the name for dns-01.',
    schema: z.enum(DNS_PROVIDERS),
    initial: 'none',
  } satisfies SettingDefinition<(typeof DNS_PROVIDERS)[number]>,
  dnsWaitS: {
    key: 'acme.dnsWaitS',
    env: 'ACME_DNS_WAIT_SECONDS',
    words: 'How many seconds to wait at most until the servers of the name show a new record. 0: not at all.',
    schema: z.int().min(0).max(3_600),
    initial: 120,
  } satisfies SettingDefinition<number>,
  cloudflareToken: secret(
    'acme.cloudflareToken',
    'ACME_CLOUDFLARE_TOKEN',
    'Cloudflare: API token with Zone:Read and DNS:Edit for the zone.',
  ),
  duckdnsToken: secret('acme.duckdnsToken', 'ACME_DUCKDNS_TOKEN', 'DuckDNS: the token that its page shows.'),
  rfc2136Server: text(
    'acme.rfc2136Server',
    'ACME_RFC2136_SERVER',
    'RFC 2136: name server that takes changes, with a port where it is not 53.',
    z
      .string()
      .max(300)
      .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)?(:\d{1,5})?$/, 'is no server'),
  ),
  rfc2136Zone: text(
    'acme.rfc2136Zone',
    'ACME_RFC2136_ZONE',
    'RFC 2136: zone to change; found by itself when left empty.',
    z.string().max(253).regex(DNS_NAME, 'is no zone'),
  ),
  rfc2136KeyName: text(
    'acme.rfc2136KeyName',
    'ACME_RFC2136_KEY_NAME',
    'RFC 2136: name of the TSIG key.',
    z.string().max(253).regex(DNS_NAME, 'is no name of a key'),
  ),
  rfc2136Algorithm: {
    key: 'acme.rfc2136Algorithm',
    env: 'ACME_RFC2136_ALGORITHM',
    words: 'RFC 2136: how the TSIG key signs.',
    schema: z.enum(TSIG_ALGORITHMS),
    initial: 'hmac-sha256',
  } satisfies SettingDefinition<(typeof TSIG_ALGORITHMS)[number]>,
  rfc2136Secret: secret('acme.rfc2136Secret', 'ACME_RFC2136_SECRET', 'RFC 2136: the TSIG key itself, base64.'),
  webhookUrl: text(
    'acme.webhookUrl',
    'ACME_WEBHOOK_URL',
    'Webhook: address of your own program that changes the records (docs/guide/public-certificate.md).',
    z.string().max(500).refine(isWeb, 'is no web address'),
  ),
  webhookToken: secret('acme.webhookToken', 'ACME_WEBHOOK_TOKEN', 'Webhook: sent to it as Authorization: Bearer.'),
  plugin: text(
    'acme.plugin',
    'ACME_PLUGIN',
    'Plugin: package in the folder acme-plugins of the data folder, or file, of the shape acme-dns-01-*.',
    z.string().max(300),
  ),
  pluginOptions: {
    key: 'acme.pluginOptions',
    env: 'ACME_PLUGIN_SECRET',
    words: 'Plugin: what it is created with, as a JSON object; its credentials stand in here.',
    schema: z.string().max(4_000).refine(isJsonObject, 'is no JSON object'),
    initial: '',
    secret: true,
  } satisfies SettingDefinition<string>,
} as const

/** For all-settings.ts. */
export const acmeDefinitions = Object.values(acmeSettings)

function checkNames(value: string, context: z.core.$RefinementCtx<string>): void {
  const problem = namesProblem(value)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem })
}

function isJsonObject(value: string): boolean {
  if (value === '') return true
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  } catch {
    return false
  }
}
