import { LaresError, messageOf } from '../../../core/errors.ts'
import type { WebCaller } from '../../../core/web-call.ts'
import type { DnsConfig } from '../config.ts'
import { loadPlugin } from './plugin-file.ts'
import { providerError } from './replies.ts'
import type { DnsProvider, DnsProviderDeps } from './types.ts'

const WHO = 'The plugin'

/** What plugins named acme-dns-01-* are told about a proof (github.com/therootcompany/acme-dns-01-test). */
interface PluginChallenge {
  type: 'dns-01'
  identifier: { type: 'dns'; value: string }
  wildcard: boolean
  altname: string
  dnsHost: string
  dnsZone: string
  dnsPrefix: string
  dnsAuthorization: string
  keyAuthorizationDigest: string
}

/** Their shape, as far as it is asked for. Each may answer with a promise. */
interface Plugin {
  init?(deps: { request: unknown }): unknown
  zones?(asked: { dnsHosts: string[] }): unknown
  set(asked: { challenge: PluginChallenge }): unknown
  remove(asked: { challenge: PluginChallenge }): unknown
}

/** What they know as @root/request, as far as plugins use it. */
interface PluginRequest {
  url: string
  method?: string
  headers?: Record<string, string>
  json?: unknown
  form?: Record<string, string>
  body?: string
  auth?: { bearer?: string; user?: string; username?: string; pass?: string; password?: string }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

function authorization({ bearer, user, username, pass, password }: NonNullable<PluginRequest['auth']>): string {
  if (bearer !== undefined) return `Bearer ${bearer}`
  return `Basic ${Buffer.from(`${user ?? username ?? ''}:${pass ?? password ?? ''}`).toString('base64')}`
}

function bodyOf({ json, form, body }: PluginRequest): { body?: Buffer; type?: string } {
  if (typeof json === 'object' && json !== null)
    return { body: Buffer.from(JSON.stringify(json)), type: 'application/json' }
  if (form)
    return { body: Buffer.from(new URLSearchParams(form).toString()), type: 'application/x-www-form-urlencoded' }
  return body === undefined ? {} : { body: Buffer.from(body) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A stand-in for the request function that plugins are handed. */
export function pluginRequest(call: WebCaller) {
  return async (asked: PluginRequest) => {
    const { body, type } = bodyOf(asked)
    const wanted = (asked.method ?? (body ? 'POST' : 'GET')).toUpperCase()
    const method = METHODS.find((known) => known === wanted)
    if (!method) throw providerError(WHO, `asked for ${wanted.slice(0, 20)}, which is no method`)
    const reply = await call({
      ...{ url: asked.url, method },
      headers: {
        ...(type !== undefined && { 'content-type': type }),
        ...(asked.auth && { authorization: authorization(asked.auth) }),
        ...asked.headers,
      },
      ...(body && { body }),
    })
    const read = asked.json === undefined || asked.json === false ? reply.body : parseJson(reply.body)
    return { ok: reply.status < 300, statusCode: reply.status, headers: reply.headers, body: read }
  }
}

/** The longest of the plugin's zones that holds the name; empty when it lists none. */
export function zoneFor(fqdn: string, zones: readonly string[]): string {
  const holding = zones.filter((zone) => fqdn === zone || fqdn.endsWith(`.${zone}`))
  return holding.sort((a, b) => b.length - a.length)[0] ?? ''
}

function challengeFor(fqdn: string, value: string, zone: string): { challenge: PluginChallenge } {
  const name = fqdn.replace(/^_acme-challenge\./, '')
  const prefix = zone !== '' && fqdn.endsWith(`.${zone}`) ? fqdn.slice(0, -zone.length - 1) : fqdn
  return {
    challenge: {
      ...{ type: 'dns-01', identifier: { type: 'dns', value: name }, wildcard: false, altname: name },
      ...{ dnsHost: fqdn, dnsZone: zone, dnsPrefix: prefix, dnsAuthorization: value, keyAuthorizationDigest: value },
    },
  }
}

function createPlugin(loaded: unknown, options: string): Plugin {
  const { create } = loaded as { create?: (options: unknown) => Plugin }
  if (typeof create !== 'function') throw providerError(WHO, 'it has no function called create')
  const plugin = create(options === '' ? {} : JSON.parse(options))
  if (typeof plugin?.set !== 'function' || typeof plugin.remove !== 'function')
    throw providerError(WHO, 'it cannot set and remove records')
  return plugin
}

/** Takes any plugin of greenlock's `acme-dns-01-*` shape that the owner installed on this box. */
export function createGreenlockPlugin(
  deps: DnsProviderDeps,
  config: DnsConfig['plugin'],
  load: (dataDir: string, name: string) => Promise<unknown> = loadPlugin,
): DnsProvider {
  let ready: Promise<Plugin> | null = null

  async function open(): Promise<Plugin> {
    const plugin = createPlugin(await load(deps.dataDir, config.module), config.options)
    await plugin.init?.({ request: pluginRequest(deps.call) })
    return plugin
  }

  async function use(fqdn: string, value: string, action: 'set' | 'remove'): Promise<void> {
    try {
      ready ??= open()
      const plugin = await ready
      const zones = await plugin.zones?.({ dnsHosts: [fqdn] })
      const zone = zoneFor(fqdn, Array.isArray(zones) ? zones.filter((each) => typeof each === 'string') : [])
      await plugin[action](challengeFor(fqdn, value, zone))
    } catch (error) {
      ready = null
      throw error instanceof LaresError ? error : providerError(WHO, messageOf(error).slice(0, 200))
    }
  }

  return {
    name: 'Plugin',
    set: (fqdn, value) => use(fqdn, value, 'set'),
    remove: (fqdn, value) => use(fqdn, value, 'remove'),
  }
}
