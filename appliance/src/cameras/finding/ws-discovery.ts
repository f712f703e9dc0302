import { randomUUID } from 'node:crypto'
import { child, everywhere, readXml, textAt } from '../onvif/xml.ts'

/** WS-Discovery (April 2005 draft, as ONVIF uses it). Pure. */
export const WS_GROUP = '239.255.255.250'
export const WS_PORT = 3702

const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing'
const DISCOVERY = 'http://schemas.xmlsoap.org/ws/2005/04/discovery'

/** What to ask for: cameras by their old type, devices by the newer one; some answer only one of them. */
const TYPES = [
  'xmlns:n="http://www.onvif.org/ver10/network/wsdl">n:NetworkVideoTransmitter',
  'xmlns:n="http://www.onvif.org/ver10/device/wsdl">n:Device',
] as const

export interface Probe {
  id: string
  datagram: Buffer
}

/** One question for each type; the answers repeat the id. */
export function makeProbes(): Probe[] {
  return TYPES.map((types) => {
    const id = `urn:uuid:${randomUUID()}`
    const text =
      '<?xml version="1.0" encoding="utf-8"?>' +
      `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="${ADDRESSING}"><s:Header>` +
      `<a:MessageID>${id}</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>` +
      `<a:Action>${DISCOVERY}/Probe</a:Action></s:Header>` +
      `<s:Body><d:Probe xmlns:d="${DISCOVERY}"><d:Types ${types}</d:Types></d:Probe></s:Body></s:Envelope>`
    return { id, datagram: Buffer.from(text) }
  })
}

export interface ProbeMatch {
  /** Addresses of the device service as the device names them. */
  addresses: string[]
  name: string
  maker: string
  model: string
}

/** A datagram is at most this; a device needs a tenth. */
const LIMITS = { maxChars: 16_384, maxDepth: 16, maxElements: 200 }

/** The camera in an answer to one of our own questions; null for everything else. Never throws. */
export function readProbeMatch(datagram: Buffer, ids: ReadonlySet<string>): ProbeMatch | null {
  try {
    const root = readXml(datagram.toString('utf8'), LIMITS)
    const action = textAt(root, 'Header', 'Action')
    if (action !== `${DISCOVERY}/ProbeMatches` || !ids.has(textAt(root, 'Header', 'RelatesTo'))) return null
    const match = child(root, 'Body', 'ProbeMatches', 'ProbeMatch')
    const types = textAt(match, 'Types').split(/\s+/)
    const isCamera = types.some((type) => /(^|:)(NetworkVideoTransmitter|Device)$/.test(type))
    if (!match || !isCamera) return null
    const addresses = textAt(match, 'XAddrs').split(/\s+/).filter(isWebAddress).slice(0, MOST_ADDRESSES)
    return addresses.length === 0 ? null : { addresses, ...readScopes(everywhere(match, 'Scopes')[0]?.text ?? '') }
  } catch {
    return null
  }
}

const MOST_ADDRESSES = 8
const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)

/** `onvif://www.onvif.org/name/AXIS%20M1065`: most put maker and model there, in one of several ways. */
function readScopes(text: string): Pick<ProbeMatch, 'name' | 'maker' | 'model'> {
  const found = new Map<string, string>()
  for (const scope of text.split(/\s+/)) {
    const [, key = '', value = ''] = /^onvif:\/\/www\.onvif\.org\/(\w+)\/([^/]+)$/i.exec(scope) ?? []
    if (key !== '' && !found.has(key.toLowerCase())) found.set(key.toLowerCase(), decodeScope(value))
  }
  const [name, model] = [found.get('name') ?? '', found.get('hardware') ?? '']
  return { name, maker: found.get('mfr') ?? found.get('manufacturer') ?? '', model }
}

/** A name as a person may be shown it: one line, not long. */
function decodeScope(value: string): string {
  let text = value
  try {
    text = decodeURIComponent(value)
  } catch {
    // A lone % is part of the name.
  }
  return plainLine(text)
}

export function plainLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 64)
}
