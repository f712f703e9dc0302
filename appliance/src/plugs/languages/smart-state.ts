import { z } from 'zod'
import { cleanText, distinct, normalizeMac, notAPlug, percentOf, signalOf, whole, type Metered } from './iot-state.ts'
import type { Capabilities, DeviceInfo, Outlet } from './types.ts'

/** Pure: answers of the SMART language → our words. Nothing that a device says is believed unchecked. */
const text = z.string().max(512)
const MAX_COMPONENTS = 200

const infoSchema = z.looseObject({
  device_id: text.optional(),
  mac: text,
  model: text,
  type: text.optional(),
  nickname: text.optional(),
  device_on: z.boolean().optional(),
  brightness: z.number().optional(),
  fw_ver: text.optional(),
  hw_ver: text.optional(),
  rssi: z.number().optional(),
})

const childSchema = z.looseObject({
  device_id: text.min(1),
  nickname: text.optional(),
  device_on: z.boolean(),
  brightness: z.number().optional(),
  position: z.number().optional(),
})

/** Names of what the device (and, for a strip, its outlets) can do, from `component_nego`. */
export type Components = ReadonlySet<string>

const componentSchema = z.looseObject({ id: text })

export function readComponents(answer: unknown): Components {
  const list = (answer as { component_list?: unknown } | null | undefined)?.component_list
  const names = (Array.isArray(list) ? list.slice(0, MAX_COMPONENTS) : []).flatMap((each) => {
    const component = componentSchema.safeParse(each)
    return component.success ? [component.data.id] : []
  })
  return new Set(names)
}

/** From `get_child_device_component_list`: by outlet id. */
export function readChildComponents(answer: unknown): ReadonlyMap<string, Components> {
  const list = (answer as { child_component_list?: unknown } | null | undefined)?.child_component_list
  const byId = new Map<string, Components>()
  for (const each of Array.isArray(list) ? list.slice(0, 64) : []) {
    const id = (each as { device_id?: unknown } | null)?.device_id
    if (typeof id === 'string' && id.length <= 512) byId.set(id, readComponents(each))
  }
  return byId
}

export interface SmartAnswers {
  info: unknown
  /** Every page of `get_child_device_list`; empty for what is no strip. */
  children: readonly unknown[]
  led: unknown
  components: Components
  childComponents: ReadonlyMap<string, Components>
}

/** Throws `unsupported` for what is no plug, strip, dimmer or bulb (a hub, a sensor). */
export function readSmartInfo(answers: SmartAnswers): DeviceInfo {
  const parsed = infoSchema.safeParse(answers.info)
  if (!parsed.success) throw notAPlug()
  const info = parsed.data
  const mac = normalizeMac(info.mac)
  const model = cleanText(info.model)
  if (mac === null || model === '') throw notAPlug()
  const alias = nameOf(info.nickname) || model
  const light = /BULB|LIGHT/i.test(info.type ?? '')
  return {
    mac,
    model,
    alias,
    outlets: readOutlets(info, alias, answers.children),
    kind: light ? 'bulb' : 'plug',
    family: 'smart',
    hardware: cleanText(info.hw_ver ?? '') || null,
    firmware: cleanText(info.fw_ver ?? '') || null,
    rssiDbm: signalOf(info.rssi),
    ledOn: readLed(answers.led),
    capabilities: readCapabilities(answers, light),
  }
}

function readOutlets(info: z.infer<typeof infoSchema>, alias: string, children: readonly unknown[]): Outlet[] {
  const outlets = children.flatMap((raw) => {
    const child = childSchema.safeParse(raw)
    if (!child.success) return []
    const { device_id: id, nickname, device_on: on, brightness } = child.data
    return [{ child: child.data, outlet: { id, alias: nameOf(nickname), on, brightness: percentOf(brightness) } }]
  })
  outlets.sort((a, b) => (a.child.position ?? 0) - (b.child.position ?? 0))
  if (outlets.length > 0) {
    return distinct(outlets.map(({ outlet }, index) => ({ ...outlet, alias: outlet.alias || `${alias} ${index + 1}` })))
  }
  if (info.device_on === undefined) throw notAPlug()
  return [{ id: '', alias, on: info.device_on, brightness: percentOf(info.brightness) }]
}

function readCapabilities({ components, childComponents, led }: SmartAnswers, light: boolean): Capabilities {
  const has = (name: string): boolean =>
    components.has(name) || [...childComponents.values()].some((child) => child.has(name))
  return {
    switch: true,
    meter: has('energy_monitoring'),
    dimmer: has('brightness'),
    light: light || has('color') || has('color_temperature'),
    led: readLed(led) !== null,
    countdown: has('countdown'),
    scheduleRead: has('schedule'),
    // Only the forms that are read were ever recorded.
    scheduleWrite: false,
  }
}

const ledSchema = z.looseObject({ led_rule: z.string().max(64) })

/** null where there is none to tell of. */
export function readLed(answer: unknown): boolean | null {
  const led = ledSchema.safeParse(answer)
  return led.success ? led.data.led_rule !== 'never' : null
}

const measure = z.number().finite().optional()
const usageSchema = z.looseObject({
  current_power: measure,
  today_energy: measure,
  month_energy: measure,
  local_time: text.optional(),
})
const emeterSchema = z.looseObject({ power_mw: measure, voltage_mv: measure, current_ma: measure })
const powerSchema = z.looseObject({ current_power: measure })

export interface EnergyAnswers {
  /** `get_energy_usage`: milliwatts and watt-hours since the device's own midnight. */
  usage: unknown
  /** `get_emeter_data` */
  emeter: unknown
  /** `get_current_power`: whole watts. */
  power: unknown
}

/** The best of what is told; null without a power in it. There is no lifetime counter on these devices. */
export function readSmartEnergy({ usage, emeter, power }: EnergyAnswers, at: number): Metered | null {
  const used = usageSchema.safeParse(usage).data ?? {}
  const measured = emeterSchema.safeParse(emeter).data ?? {}
  const watts = powerSchema.safeParse(power).data?.current_power
  const exactMw = wholeOf(measured.power_mw) ?? wholeOf(used.current_power)
  const powerMw = exactMw ?? wholeOf(watts === undefined ? undefined : watts * 1000)
  if (powerMw === null) return null
  return {
    reading: {
      ...{ at, powerMw, totalWh: null },
      voltageMv: wholeOf(measured.voltage_mv),
      currentMa: wholeOf(measured.current_ma),
    },
    energy: {
      ...{ at, lifetimeWh: null },
      todayWh: wholeOf(used.today_energy),
      monthWh: wholeOf(used.month_energy),
      deviceTime: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(used.local_time ?? '') ? (used.local_time ?? null) : null,
      powerQuality: exactMw === null ? 'watt' : 'milliwatt',
    },
  }
}

function wholeOf(value: number | undefined): number | null {
  return value === undefined ? null : whole(value)
}

/** Names come as base64 of UTF-8. */
function nameOf(nickname: string | undefined): string {
  return cleanText(Buffer.from(nickname ?? '', 'base64').toString('utf8'))
}
