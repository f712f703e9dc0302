import { isIP } from 'node:net'
import { onvifFailure } from './failure.ts'

/** Where a device is, as its owner typed or confirmed it. */
export interface DeviceAddress {
  /** Name or address; an IPv6 address in brackets. */
  host: string
  /** Where its device service may be, the likeliest first. */
  candidates: readonly string[]
}

const SERVICE_PATH = '/onvif/device_service'
/** Most makers, then Hikvision and Reolink (8000), Tapo (2020), XM and its many names (8899), others. */
export const ONVIF_PORTS = [80, 8000, 2020, 8080, 8899, 5000] as const
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/i

/** `192.168.1.20`, `cam.local:8080`, `http://192.168.1.20/onvif/device_service`. Throws wrong-address. */
export function parseDeviceAddress(typed: string): DeviceAddress {
  const text = typed.trim()
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  if (!hasScheme && isIP(text) === 6) return byPorts(`[${text}]`)
  const url = URL.parse(hasScheme ? text : `http://${text}`)
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (!url || !isWeb || url.username !== '' || url.password !== '' || !HOST.test(url.hostname)) {
    throw onvifFailure('wrong-address')
  }
  const isWhole = hasScheme || url.port !== '' || url.pathname !== '/'
  if (!isWhole) return byPorts(url.hostname)
  const path = url.pathname === '/' ? SERVICE_PATH : url.pathname
  return { host: url.hostname, candidates: [`${url.protocol}//${url.host}${path}`] }
}

const byPorts = (host: string): DeviceAddress => ({
  host,
  candidates: ONVIF_PORTS.map((port) => `http://${host}${port === 80 ? '' : `:${port}`}${SERVICE_PATH}`),
})

export interface Stayed {
  url: string
  /** The other host that the device named, for telling; null when it named itself. */
  claimedHost: string | null
}

/**
 * An address that a device answered, at the host its owner confirmed: a device may name ports and paths of its own, never
 * another host. Honest ones behind a router or with a stale setting name a wrong one, and work like this; others lead
 * nowhere. Null for what is no such address.
 */
export function stayAt(host: string, answered: string, schemes: readonly string[]): Stayed | null {
  const text = answered.trim()
  const scheme = /^([a-z]+):\/\//i.exec(text)?.[1]?.toLowerCase() ?? ''
  if (!schemes.includes(scheme) || text.length > MAX_URL || /[\s\p{Cc}]/u.test(text)) return null
  // As http, because only then does Node read host and port of it.
  const url = URL.parse(text.replace(/^[a-z]+/i, 'http'))
  if (!url) return null
  const named = url.hostname
  // Known schemes' own ports vanish: 80 of an rtsp address is written again.
  const port = portIn(text)
  const path = `${url.pathname}${url.search}`
  const claimedHost = named.toLowerCase() === host.toLowerCase() ? null : named
  return { url: `${scheme}://${host}${port === null ? '' : `:${port}`}${path}`, claimedHost }
}

const MAX_URL = 1_000

function portIn(text: string): number | null {
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? ''
  const port = /:(\d{1,5})$/.exec(authority)?.[1]
  return port === undefined || Number(port) < 1 || Number(port) > 65_535 ? null : Number(port)
}
