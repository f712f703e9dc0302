/** The state of a device that speaks IOT (over KLAP here), and its answers. */
export interface IotChild {
  id: string
  alias: string
  state: 0 | 1
}

export interface IotDevice {
  model: string
  mac: string
  alias: string
  on: boolean
  ledOff: boolean
  metered: boolean
  powerMw: number
  children: IotChild[]
  countdowns: Record<string, unknown>[]
  schedules: Record<string, unknown>[]
  /** Whole questions, oldest first. */
  readonly questions: string[]
}

export function iotDevice(model: string, change: Partial<IotDevice> = {}): IotDevice {
  return {
    model,
    mac: '50:C7:BF:00:00:01',
    alias: model,
    on: false,
    ledOff: false,
    metered: false,
    powerMw: 23_456,
    children: [],
    countdowns: [],
    schedules: [],
    questions: [],
    ...change,
  }
}

type Parameters = Record<string, unknown>
const NO_MODULE = { err_code: -1, err_msg: 'module not support' }
const NO_METHOD = { err_code: -2, err_msg: 'member not support' }
const OK = { err_code: 0 }

export function answerIot(device: IotDevice, text: string): string {
  device.questions.push(text)
  const question = JSON.parse(text) as Record<string, Record<string, Parameters>>
  const ids = (question['context'] as { child_ids?: string[] } | undefined)?.child_ids ?? []
  const reply: Record<string, unknown> = {}
  for (const [module, methods] of Object.entries(question)) {
    if (module === 'context') continue
    const known = MODULES[module]
    if (!known) {
      // Newer firmware answers like this to the other language, and to modules it has not.
      reply[module] = NO_MODULE
      continue
    }
    const answers: Record<string, unknown> = {}
    for (const [method, parameters] of Object.entries(methods)) answers[method] = known(device, method, parameters, ids)
    reply[module] = answers
  }
  return JSON.stringify(reply)
}

type Module = (device: IotDevice, method: string, parameters: Parameters, ids: readonly string[]) => unknown

const MODULES: Readonly<Record<string, Module>> = {
  system(device, method, parameters, ids) {
    if (method === 'get_sysinfo') return sysinfo(device)
    if (method === 'set_led_off') return Object.assign(device, { ledOff: parameters['off'] === 1 }) && OK
    if (method !== 'set_relay_state') return NO_METHOD
    const on = parameters['state'] === 1
    if (ids.length === 0) device.on = on
    for (const child of device.children) if (ids.includes(child.id)) child.state = on ? 1 : 0
    return OK
  },
  emeter: (device, method) =>
    !device.metered
      ? NO_MODULE
      : method === 'get_realtime'
        ? { ...OK, power_mw: device.powerMw, voltage_mv: 229_900, current_ma: 102, total_wh: 777 }
        : NO_METHOD,
  count_down: (device, method, parameters) => rules(device.countdowns, method, parameters, 1),
  schedule: (device, method, parameters) => rules(device.schedules, method, parameters, 31),
  time: (_device, method) =>
    method === 'get_time'
      ? { ...OK, year: 2026, month: 11, mday: 28, hour: 15, min: 18, sec: 46 }
      : { ...OK, index: 39 },
}

function rules(list: Record<string, unknown>[], method: string, parameters: Parameters, most: number): unknown {
  const at = list.findIndex(({ id }) => id === parameters['id'])
  switch (method) {
    case 'get_rules':
      return { ...OK, rule_list: list, enable: 1, version: 2 }
    case 'add_rule': {
      if (list.length >= most) return { err_code: -10, err_msg: 'table is full' }
      const id = `R${list.length + 1}`.padEnd(32, '0')
      list.push({ ...parameters, id })
      return { ...OK, id }
    }
    case 'edit_rule':
      if (at < 0) return { err_code: -14, err_msg: 'entry not exist' }
      list[at] = parameters
      return OK
    case 'delete_rule':
      if (at < 0) return { err_code: -14, err_msg: 'entry not exist' }
      list.splice(at, 1)
      return OK
    case 'delete_all_rules':
      list.length = 0
      return OK
    default:
      return NO_METHOD
  }
}

function sysinfo(device: IotDevice): object {
  const { model, mac, alias, on, ledOff, metered, children } = device
  const identity = {
    deviceId: `8006${mac.replaceAll(':', '')}`.padEnd(40, '0'),
    hwId: 'H',
    oemId: 'O',
    mac,
    model,
    alias,
  }
  const versions = {
    sw_ver: '1.1.0 Build 201016 Rel.175121',
    hw_ver: '4.1',
    type: 'IOT.SMARTPLUGSWITCH',
    mic_type: 'IOT.SMARTPLUGSWITCH',
  }
  const strip = { children, child_num: children.length }
  return {
    ...OK,
    ...versions,
    ...identity,
    ...{
      rssi: -63,
      led_off: ledOff ? 1 : 0,
      feature: metered ? 'TIM:ENE' : 'TIM',
      active_mode: 'none',
      updating: 0,
      status: 'new',
      latitude_i: 0,
      longitude_i: 0,
      on_time: 0,
      icon_hash: '',
      dev_name: 'Smart Wi-Fi Plug',
      next_action: { type: -1 },
    },
    ...(children.length > 0 ? strip : { relay_state: on ? 1 : 0 }),
  }
}
