import { z } from 'zod'
import type { PlugReading } from '../../api/plugs.ts'
import { LaresError } from '../../core/errors.ts'
import type { Capabilities, DeviceInfo, EnergyCounters, Outlet } from './types.ts'

const text = z.string().max(512)
const child = z.looseObject({ id: text, alias: text.optional(), state: z.number() })
const lightState = z.looseObject({
  on_off: z.number(),
  brightness: z.number().optional(),
  dft_on_state: z.looseObject({ brightness: z.number().optional() }).optional(),
})
const sysinfoSchema = z.looseObject({
  alias: text.optional(),
  deviceId: text.optional(),
  model: text,
  mac: text.optional(),
  mic_mac: text.optional(),
  ethernet_mac: text.optional(),
  feature: text.optional(),
  sw_ver: text.optional(),
  hw_ver: text.optional(),
  rssi: z.number().optional(),
  led_off: z.number().optional(),
  relay_state: z.number().optional(),
  brightness: z.number().optional(),
  is_dimmable: z.number().optional(),
  light_state: lightState.optional(),
  children: z.array(child).max(64).optional(),
})
type Sysinfo = z.infer<typeof sysinfoSchema>

/** Reads the answer to `system.get_sysinfo`. Throws `unsupported` for what is no plug, strip, dimmer or bulb. */
export function readSysinfo(answer: unknown): DeviceInfo {
  const parsed = sysinfoSchema.safeParse(answer)
  if (!parsed.success) throw notAPlug()
  const info = parsed.data
  const mac = normalizeMac(info.mac ?? info.mic_mac ?? info.ethernet_mac ?? '')
  const model = cleanText(info.model)
  if (mac === null || model === '') throw notAPlug()
  const alias = cleanText(info.alias ?? '') || model
  return {
    mac,
    model,
    alias,
    outlets: readOutlets(info, alias),
    kind: info.light_state ? 'bulb' : 'plug',
    family: 'iot',
    hardware: cleanText(info.hw_ver ?? '') || null,
    firmware: cleanText(info.sw_ver ?? '') || null,
    rssiDbm: signalOf(info.rssi),
    ledOn: info.led_off === undefined ? null : info.led_off === 0,
    capabilities: readCapabilities(info),
  }
}

function readCapabilities(info: Sysinfo): Capabilities {
  const light = info.light_state !== undefined
  return {
    switch: true,
    // Bulbs know their power without telling that they do.
    meter: light || (info.feature?.includes('ENE') ?? false),
    dimmer: light ? info.is_dimmable !== 0 : info.brightness !== undefined,
    light,
    led: info.led_off !== undefined,
    countdown: !light,
    scheduleRead: true,
    scheduleWrite: !light,
  }
}

function readOutlets(info: Sysinfo, alias: string): Outlet[] {
  if (info.children && info.children.length > 0) {
    const outlets = info.children.map((each, index) => ({
      id: outletId(each.id, info.deviceId ?? ''),
      alias: cleanText(each.alias ?? '') || `${alias} ${index + 1}`,
      on: each.state === 1,
      brightness: null,
    }))
    return distinct(outlets)
  }
  const state = info.relay_state ?? info.light_state?.on_off
  if (state === undefined) throw notAPlug()
  const light = info.light_state
  return [
    {
      id: '',
      alias,
      on: state === 1,
      brightness: percentOf(light?.brightness ?? light?.dft_on_state?.brightness ?? info.brightness),
    },
  ]
}

/** What is found is stored together: one liar on the network must not keep the honest ones out. */
export function distinct(outlets: Outlet[]): Outlet[] {
  if (outlets.length === 0 || new Set(outlets.map(({ id }) => id)).size < outlets.length) throw notAPlug()
  return outlets
}

/** 0–100, or null for what is no percentage. */
export function percentOf(value: number | undefined): number | null {
  return value !== undefined && value >= 0 && value <= 100 ? Math.round(value) : null
}

/** dBm, or null for what no radio says. */
export function signalOf(value: number | undefined): number | null {
  return value !== undefined && value < 0 && value >= -127 ? Math.round(value) : null
}

/** Over UDP and with some firmware only the last one or two characters of an outlet's id are told. */
export function outletId(id: string, deviceId: string): string {
  return id.length <= 2 ? deviceId + id.padStart(2, '0') : id
}

/** `aa-bb-cc-00-11-22`, `AABBCC001122` … → `AA:BB:CC:00:11:22`; null when it is no MAC address. */
export function normalizeMac(mac: string): string | null {
  const digits = mac.replace(/[^0-9a-f]/gi, '').toUpperCase()
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : null
}

const measure = z.number().finite().optional()
const realtimeSchema = z.looseObject({
  power: measure,
  power_mw: measure,
  voltage: measure,
  voltage_mv: measure,
  current: measure,
  current_ma: measure,
  total: measure,
  total_wh: measure,
})

/** Power and counters of one outlet at one moment. */
export interface Metered {
  reading: PlugReading
  energy: EnergyCounters
}

/** Reads the answer to `emeter.get_realtime` of either generation into whole milli-units; null without a power in it. */
export function readRealtime(answer: unknown, at: number): Metered | null {
  const parsed = realtimeSchema.safeParse(answer)
  if (!parsed.success) return null
  const { power, power_mw, voltage, voltage_mv, current, current_ma, total, total_wh } = parsed.data
  const powerMw = milli(power_mw, power)
  if (powerMw === null) return null
  const totalWh = milli(total_wh, total)
  const reading = {
    at,
    powerMw,
    voltageMv: milli(voltage_mv, voltage),
    currentMa: milli(current_ma, current),
    totalWh,
  }
  const energy = { at, lifetimeWh: totalWh, todayWh: null, monthWh: null, deviceTime: null }
  return { reading, energy: { ...energy, powerQuality: 'milliwatt' } }
}

function milli(inMilli: number | undefined, inUnits: number | undefined): number | null {
  if (inMilli !== undefined) return whole(inMilli)
  return inUnits === undefined ? null : whole(inUnits * 1000)
}

/** Whole and safe, or null. */
export function whole(value: number): number | null {
  const rounded = Math.round(value)
  return Number.isSafeInteger(rounded) ? rounded + 0 : null
}

const MAX_NAME_LENGTH = 64

/** A device's own text without what does not belong in a name. */
export function cleanText(raw: string): string {
  return raw
    .replace(/\p{Cc}|\p{Cf}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_NAME_LENGTH)
}

export function notAPlug(): LaresError {
  return new LaresError('unsupported', 'It answers, but it is no plug that Lares knows.', { code: 'NOT_A_PLUG' })
}
