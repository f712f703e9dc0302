/** The state of a device that speaks SMART, and its answers. Built from field facts; no recorded answers in it. */
export interface SmartChild {
  id: string
  name: string
  on: boolean
  /** null: this outlet has no meter. */
  powerMw: number | null
}

export interface SmartDevice {
  model: string
  type: string
  mac: string
  name: string
  on: boolean
  /** null: nothing to dim. */
  brightness: number | null
  firmware: string
  components: string[]
  powerMw: number
  todayWh: number
  monthWh: number
  /** Knows get_emeter_data (volts and amperes). */
  measures: boolean
  ledRule: string
  countdown: { id: string; enable: boolean; delay: number; remain: number; desired_states: { on: boolean } } | null
  schedules: object[]
  children: SmartChild[]
  /** Answers -1003 to multipleRequest. */
  refusesBatches: boolean
  /** Methods that arrived, batches taken apart, oldest first. */
  readonly methods: string[]
}

const BASE = ['device', 'firmware', 'schedule', 'countdown', 'led', 'time', 'wireless']

export function smartDevice(model: string, change: Partial<SmartDevice> = {}): SmartDevice {
  return {
    model,
    type: 'SMART.TAPOPLUG',
    mac: '3C-52-A1-00-00-01',
    name: model,
    on: false,
    brightness: null,
    firmware: '1.3.0 Build 240101 Rel.000000',
    components: [...BASE, 'energy_monitoring'],
    powerMw: 12_345,
    todayWh: 321,
    monthWh: 4_321,
    measures: true,
    ledRule: 'always',
    countdown: null,
    schedules: [],
    children: [],
    refusesBatches: false,
    methods: [],
    ...change,
  }
}

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

interface Question {
  method?: unknown
  params?: Record<string, unknown> | null
}
interface Reply {
  error_code: number
  result?: unknown
}

const UNKNOWN = -1002
const BAD_PARAMETERS = -1008
const MAX_BATCH = 5
const PAGE = 10

export function answerSmart(device: SmartDevice, text: string): string {
  let question: Question
  try {
    question = JSON.parse(text) as Question
  } catch {
    return JSON.stringify({ error_code: -1003 })
  }
  return JSON.stringify(answer(device, question))
}

function answer(device: SmartDevice, question: Question): Reply {
  const { method, params = {} } = question
  if (typeof method !== 'string') return { error_code: -1003 }
  if (params === null) return { error_code: BAD_PARAMETERS }
  if (method === 'multipleRequest') return answerBatch(device, params)
  device.methods.push(method)
  if (method === 'control_child') return answerChild(device, params)
  return answerOne(device, method, params)
}

function answerBatch(device: SmartDevice, params: Record<string, unknown>): Reply {
  const requests = params['requests'] as Question[]
  if (device.refusesBatches) return { error_code: -1003 }
  if (requests.length > MAX_BATCH) return { error_code: 1200 }
  const responses = requests.map((each) => ({ method: each.method, ...answer(device, each) }))
  return { error_code: 0, result: { responses } }
}

function answerChild(device: SmartDevice, params: Record<string, unknown>): Reply {
  const child = device.children.find(({ id }) => id === params['device_id'])
  if (!child) return { error_code: -1008 }
  const inner = params['requestData'] as Question
  const responseData = inner.method === 'multipleRequest' ? batchOfChild(child, inner) : oneOfChild(child, inner)
  return { error_code: 0, result: { responseData } }
}

function batchOfChild(child: SmartChild, { params }: Question): Reply {
  const requests = (params?.['requests'] ?? []) as Question[]
  const responses = requests.map((each) => ({ method: each.method, ...oneOfChild(child, each) }))
  return { error_code: 0, result: { responses } }
}

function oneOfChild(child: SmartChild, { method, params }: Question): Reply {
  if (method === 'get_device_info') return { error_code: 0, result: childInfo(child, 0) }
  if (method === 'set_device_info') {
    if (typeof params?.['device_on'] === 'boolean') child.on = params['device_on']
    return { error_code: 0 }
  }
  if (child.powerMw === null) return { error_code: UNKNOWN }
  if (method === 'get_energy_usage')
    return { error_code: 0, result: { current_power: child.powerMw, today_energy: 1, month_energy: 2 } }
  if (method === 'get_current_power')
    return { error_code: 0, result: { current_power: Math.round(child.powerMw / 1000) } }
  return { error_code: UNKNOWN }
}

function answerOne(device: SmartDevice, method: string, params: Record<string, unknown>): Reply {
  const handler = HANDLERS[method]
  return handler ? handler(device, params) : { error_code: UNKNOWN }
}

const ok = (result?: unknown): Reply => (result === undefined ? { error_code: 0 } : { error_code: 0, result })
type Handler = (device: SmartDevice, params: Record<string, unknown>) => Reply

const HANDLERS: Readonly<Record<string, Handler>> = {
  component_nego: ({ components }) => ok({ component_list: components.map((id) => ({ id, ver_code: 2 })) }),
  get_device_info: (device) => ok(infoOf(device)),
  set_device_info: setInfo,
  get_device_usage: () => ok({ time_usage: { today: 1, past7: 2, past30: 3 } }),
  get_device_time: () => ok({ timestamp: 1_795_000_000, time_diff: 60, region: 'Europe/Berlin' }),
  get_energy_usage: (device) =>
    has(device, 'energy_monitoring') ??
    ok({
      ...{ today_runtime: 60, month_runtime: 600, today_energy: device.todayWh, month_energy: device.monthWh },
      ...{ local_time: '2026-11-28 15:18:46', current_power: device.powerMw, electricity_charge: [0, 0, 0] },
    }),
  get_current_power: (device) =>
    has(device, 'energy_monitoring') ?? ok({ current_power: Math.round(device.powerMw / 1000) }),
  get_emeter_data: (device) =>
    !device.measures
      ? { error_code: UNKNOWN }
      : ok({ current_ma: 54, voltage_mv: 230_100, power_mw: device.powerMw, energy_wh: device.monthWh }),
  get_emeter_vgain_igain: () => ok({ igain: 11_200, vgain: 125_000 }),
  get_auto_update_info: () => ok({ enable: true, random_range: 120, time: 180 }),
  get_led_info: (device) =>
    ok({ led_rule: device.ledRule, led_status: device.ledRule !== 'never', night_mode: { start: 1 } }),
  set_led_info(device, params) {
    // The whole object or nothing.
    if (params['night_mode'] === undefined) return { error_code: BAD_PARAMETERS }
    device.ledRule = String(params['led_rule'])
    return ok()
  },
  get_countdown_rules: ({ countdown }) =>
    ok({ enable: true, countdown_rule_max_count: 1, rule_list: countdown ? [countdown] : [] }),
  add_countdown_rule(device, params) {
    if (device.countdown) return { error_code: -1902 }
    const { delay, enable, desired_states } = params as {
      delay: number
      enable: boolean
      desired_states: { on: boolean }
    }
    device.countdown = { id: 'C1', enable, delay, remain: delay, desired_states }
    return ok({ id: 'C1' })
  },
  remove_countdown_rules(device) {
    device.countdown = null
    return ok()
  },
  get_schedule_rules: ({ schedules }) =>
    ok({ enable: true, schedule_rule_max_count: 32, start_index: 0, sum: schedules.length, rule_list: schedules }),
  get_child_device_list({ children }, { start_index: from = 0 }) {
    const page = children.slice(Number(from), Number(from) + PAGE)
    const list = page.map((child, index) => childInfo(child, Number(from) + index + 1))
    return ok({ child_device_list: list, start_index: from, sum: children.length })
  },
  get_child_device_component_list: ({ children }) =>
    ok({
      child_component_list: children.map(({ id, powerMw }) => ({
        device_id: id,
        component_list: [
          { id: 'device', ver_code: 1 },
          ...(powerMw === null ? [] : [{ id: 'energy_monitoring', ver_code: 1 }]),
        ],
      })),
      start_index: 0,
      sum: children.length,
    }),
}

function has({ components }: SmartDevice, name: string): Reply | undefined {
  return components.includes(name) ? undefined : { error_code: UNKNOWN }
}

function setInfo(device: SmartDevice, params: Record<string, unknown>): Reply {
  const { device_on: on, brightness } = params
  if (typeof brightness === 'number') {
    if (device.brightness === null || brightness < 1 || brightness > 100) return { error_code: BAD_PARAMETERS }
    device.brightness = brightness
  }
  if (typeof on === 'boolean') device.on = on
  return ok()
}

function infoOf(device: SmartDevice): object {
  return {
    device_id: `8022${device.mac.replaceAll('-', '')}`,
    ...{ fw_ver: device.firmware, hw_ver: '1.0', type: device.type, model: device.model, mac: device.mac },
    ...{ nickname: base64(device.name), ssid: base64('Home'), rssi: -48, signal_level: 3, avatar: 'plug' },
    ...{ ip: '127.0.0.1', region: 'Europe/Berlin', time_diff: 60, lang: 'en_US', specs: '', overheat_status: 'normal' },
    ...{
      hw_id: '',
      fw_id: '',
      oem_id: '',
      on_time: 0,
      has_set_location_info: false,
      default_states: { type: 'last_states', state: {} },
    },
    ...(device.children.length === 0 && { device_on: device.on }),
    ...(device.brightness !== null && { brightness: device.brightness }),
  }
}

function childInfo(child: SmartChild, position: number): object {
  return {
    ...{ device_id: child.id, nickname: base64(child.name), device_on: child.on, position, slot_number: 4 },
    ...{
      category: 'plug.powerstrip.sub-plug',
      type: 'SMART.TAPOPLUG',
      model: 'P304M',
      mac: '3C52A1000001',
      on_time: 0,
    },
    ...{
      hw_ver: '1.0',
      fw_ver: '1.0.3',
      hw_id: '',
      fw_id: '',
      oem_id: '',
      original_device_id: child.id,
      lang: '',
      region: '',
      status_follow_edge: true,
      has_set_location_info: true,
      latitude: 0,
      longitude: 0,
      avatar: 'plug',
      bind_count: 1,
      overheat_status: 'normal',
      default_states: { type: 'last_states', state: {} },
    },
  }
}
