import { z } from 'zod'
import { cleanText, normalizeMac, readSysinfo } from '../languages/iot-state.ts'
import type { Family, Scheme } from '../transports/types.ts'
import { decode } from '../transports/xor-codec.ts'
import { TDP_HEADER_BYTES } from './tdp-codec.ts'
import type { FoundDevice } from './types.ts'

/** Pure: what anybody may send to an open UDP port → a device, or nothing. */
export const KASA_PORT = 9999
export const TDP_PORTS = [20_002, 20_004] as const
const HTTP_PORT = 80
const LONGEST_ANSWER = 16 * 1024

/** The answer to an XOR call; null when it is none. */
export function readXorAnswer(host: string, message: Buffer, port = KASA_PORT): FoundDevice | null {
  try {
    if (message.length > LONGEST_ANSWER) return null
    const reply = JSON.parse(decode(message)) as { system?: { get_sysinfo?: unknown } } | null
    const info = readSysinfo(reply?.system?.get_sysinfo)
    const schemes: Scheme[] = [{ encryption: 'xor', port, family: 'iot', loginVersion: 0 }]
    return { host, mac: info.mac, model: info.model, schemes, port, owner: null, needsAccount: false, info }
  } catch {
    return null
  }
}

const port = z.int().min(1).max(65_535).optional().catch(undefined)
const announcementSchema = z.looseObject({
  mac: z.string().max(64),
  device_model: z.string().max(128).optional(),
  device_type: z.string().max(128).optional(),
  owner: z.string().max(128).optional().catch(undefined),
  mgt_encrypt_schm: z
    .looseObject({
      encrypt_type: z.string().max(32).optional().catch(undefined),
      http_port: port,
      lv: z.number().optional().catch(undefined),
      is_support_https: z.boolean().optional().catch(undefined),
    })
    .optional(),
  tpap: z.looseObject({ port }).optional().catch(undefined),
  tpap_preferred: z.union([z.boolean(), z.number()]).optional().catch(undefined),
})
type Announcement = z.infer<typeof announcementSchema>

/** Cameras, doorbells, hubs, vacuums answer the same call and are nothing to switch. */
const SWITCHABLE = /PLUG|SWITCH|BULB|LIGHT/i

/** The answer to a TDP call; null when it is none, or of something that is nothing to switch. */
export function readTdpAnswer(host: string, message: Buffer): FoundDevice | null {
  try {
    if (message.length <= TDP_HEADER_BYTES || message.length > LONGEST_ANSWER) return null
    const reply = JSON.parse(message.subarray(TDP_HEADER_BYTES).toString('utf8')) as {
      error_code?: unknown
      result?: unknown
    }
    if (reply.error_code !== 0) return null
    const announced = announcementSchema.parse(reply.result)
    const mac = normalizeMac(announced.mac)
    const schemes = schemesOf(announced)
    const [first] = schemes
    if (mac === null || first === undefined || !SWITCHABLE.test(announced.device_type ?? 'PLUG')) return null
    const model = cleanText(announced.device_model ?? '') || 'Tapo'
    const owner = /^[0-9a-f]{32}$/i.test(announced.owner ?? '') ? (announced.owner ?? '').toLowerCase() : null
    return { host, mac, model, schemes, port: first.port, owner, needsAccount: true, info: null }
  } catch {
    return null
  }
}

/**
 * What it asks for first. A device that announces KLAP and knows TPAP besides is asked by KLAP: a wrong password never
 * counts there. After a TPAP-only announcement KLAP is still tried: a toggle in the vendor's app brings it back.
 */
function schemesOf({ device_type: type = '', mgt_encrypt_schm: told, tpap, tpap_preferred }: Announcement): Scheme[] {
  const encryption = told?.encrypt_type?.toUpperCase() ?? ''
  const family: Family = type.startsWith('IOT.') ? 'iot' : 'smart'
  const { http_port: httpPort = HTTP_PORT, lv: loginVersion = 0, is_support_https: https = false } = told ?? {}
  // Over TLS speak cameras and vacuums only.
  if (https && encryption !== 'KLAP' && encryption !== 'AES') return []
  const klap: Scheme = { encryption: 'klap', port: httpPort, family, loginVersion }
  const aes: Scheme = { encryption: 'aes', port: httpPort, family: 'smart', loginVersion }
  const overTpap: Scheme = { encryption: 'tpap', port: httpPort, family: 'smart', loginVersion: 0 }
  const prefersTpap = encryption === 'TPAP' || tpap_preferred === true || tpap_preferred === 1
  const knowsTpap = prefersTpap || tpap !== undefined
  const announced = encryption === 'AES' ? [aes, klap] : [klap]
  return prefersTpap ? [overTpap, ...announced] : [...announced, ...(knowsTpap ? [overTpap] : [])]
}

/** Two answers of one device: without an account comes first, then in the order heard. */
export function joinAnswers(a: FoundDevice | undefined, b: FoundDevice): FoundDevice {
  // Somebody else claims the same identity: who answered first stays until it is asked itself.
  if (!a || a.host !== b.host) return a ?? b
  const [free, bound] = a.needsAccount ? [b, a] : [a, b]
  const keys = new Set<string>()
  const schemes = [...free.schemes, ...bound.schemes].filter((scheme) => {
    const key = schemeKey(scheme)
    return !keys.has(key) && keys.add(key)
  })
  return {
    ...bound,
    ...free,
    schemes,
    owner: a.owner ?? b.owner,
    needsAccount: a.needsAccount && b.needsAccount,
    info: a.info ?? b.info,
  }
}

export function schemeKey({ encryption, port: at }: Scheme): string {
  return `${encryption}:${at}`
}
