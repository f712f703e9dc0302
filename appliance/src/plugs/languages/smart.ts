import { LaresError } from '../../core/errors.ts'
import type { Metered } from './iot-state.ts'
import { splitMeters } from './meters.ts'
import { createSmartCalls, type Call, type SmartCalls, type SmartDeps } from './smart-calls.ts'
import { readSmartCountdown, readSmartSchedules } from './smart-rules.ts'
import { readChildComponents, readComponents, readSmartEnergy, readSmartInfo, type Components } from './smart-state.ts'
import type { DeviceRead, Language } from './types.ts'

const INFO: Call = { method: 'get_device_info' }
const LED: Call = { method: 'get_led_info' }
const USAGE = 'get_energy_usage'
const EMETER = 'get_emeter_data'
const POWER = 'get_current_power'
const MAX_OUTLETS = 64
/** Unknown method, unknown parameters: some models announce more than they do. */
const CANNOT: readonly number[] = [-1002, -1008]

/** What the device can do; asked once. */
interface Abilities {
  own: Components
  children: ReadonlyMap<string, Components>
}

/** `{"method":…,"params":…}`: every Tapo device and the newer Kasa ones. */
export function createSmartLanguage(deps: SmartDeps): Language {
  const { clock } = deps
  const calls = createSmartCalls(deps)
  const { energyCalls, noteMissing } = createEnergyPlan()
  let abilities: Abilities | null = null

  async function read(): Promise<DeviceRead> {
    const { own, children: childComponents } = (abilities ??= await learn(calls))
    const wanted = [INFO, ...(own.has('led') ? [LED] : []), ...energyCalls('', own)]
    const replies = await calls.many('', wanted)
    if (replies[0]) calls.accept(replies[0])
    const resultOf = (method: string): unknown => resultIn(wanted, replies, method)
    const children = own.has('child_device') ? await listChildren(calls) : []
    const answers = {
      info: resultOf(INFO.method),
      led: resultOf(LED.method),
      children,
      components: own,
      childComponents,
    }
    const info = readSmartInfo(answers)
    const at = clock.now()
    const meters = new Map<string, Metered>()
    noteMissing('', wanted, replies)
    keep(meters, '', readSmartEnergy(energyOf(resultOf), at))
    for (const { id } of info.outlets) {
      const energy = energyCalls(id, childComponents.get(id) ?? new Set())
      if (id === '' || energy.length === 0) continue
      const told = await calls.many(id, energy)
      noteMissing(id, energy, told)
      keep(
        meters,
        id,
        readSmartEnergy(
          energyOf((method) => resultIn(energy, told, method)),
          clock.now(),
        ),
      )
    }
    return { info, ...splitMeters(meters), at }
  }

  const set = async (outlet: string, params: object): Promise<void> =>
    void (await calls.one(outlet, { method: 'set_device_info', params }))
  return {
    family: 'smart',
    read,
    setPower: (outlet, on) => set(outlet, { device_on: on }),
    setBrightness: (outlet, percent) => set(outlet, { device_on: true, brightness: percent }),
    async setLed(on) {
      // The whole object goes back: night mode has its times in it.
      const now = (await calls.one('', LED)) as object
      await calls.one('', { method: 'set_led_info', params: { ...now, led_rule: on ? 'always' : 'never' } })
    },
    ...smartRules(calls),
  }
}

type Rules =
  'countdown' | 'setCountdown' | 'deleteCountdown' | 'schedules' | 'addSchedule' | 'editSchedule' | 'deleteSchedule'

function smartRules(calls: SmartCalls): Pick<Language, Rules> {
  const rules = (outlet: string, what: string, params: object = {}): Promise<unknown> =>
    calls.one(outlet, { method: `get_${what}_rules`, params })

  return {
    countdown: async (outlet) => readSmartCountdown(await rules(outlet, 'countdown')),
    async setCountdown(outlet, { delayS, on }) {
      await calls.one(outlet, { method: 'remove_countdown_rules', params: { remove_all: true } })
      const params = { delay: delayS, enable: true, desired_states: { on } }
      await calls.one(outlet, { method: 'add_countdown_rule', params }, { once: true })
    },
    deleteCountdown: async (outlet) =>
      void (await calls.one(outlet, { method: 'remove_countdown_rules', params: { remove_all: true } })),
    schedules: async (outlet) => readSmartSchedules(await rules(outlet, 'schedule', { start_index: 0 })),
    addSchedule: () => Promise.reject(readOnly()),
    editSchedule: () => Promise.reject(readOnly()),
    deleteSchedule: () => Promise.reject(readOnly()),
  }
}

/** What to ask for energy, and what an outlet announced and then refused: that is not asked for again. */
function createEnergyPlan() {
  const missing = new Set<string>()

  function energyCalls(outlet: string, components: Components): Call[] {
    if (!components.has('energy_monitoring')) return []
    const has = (method: string): boolean => !missing.has(`${outlet} ${method}`)
    // Whole watts only where nothing finer is told.
    const coarse = has(EMETER) || has(USAGE) ? [] : [POWER]
    return [...[USAGE, EMETER].filter(has), ...coarse.filter(has)].map((method) => ({ method }))
  }

  function noteMissing(outlet: string, wanted: readonly Call[], replies: readonly { errorCode: number }[]): void {
    for (const [index, { method }] of wanted.entries()) {
      if (CANNOT.includes(replies[index]?.errorCode ?? 0)) missing.add(`${outlet} ${method}`)
    }
  }

  return { energyCalls, noteMissing }
}

async function learn(calls: SmartCalls): Promise<Abilities> {
  const [nego] = await calls.many('', [{ method: 'component_nego' }])
  const own = readComponents(nego?.result)
  if (!own.has('child_device')) return { own, children: new Map() }
  const [children] = await calls.many('', [{ method: 'get_child_device_component_list', params: { start_index: 0 } }])
  return { own, children: readChildComponents(children?.result) }
}

/** Ten a page; a page with nobody on it ends it, whatever sum was promised. */
async function listChildren(calls: SmartCalls): Promise<unknown[]> {
  const all: unknown[] = []
  while (all.length < MAX_OUTLETS) {
    const params = { start_index: all.length }
    const page = (await calls.one('', { method: 'get_child_device_list', params })) as {
      child_device_list?: unknown
      sum?: unknown
    } | null
    const list: unknown[] = Array.isArray(page?.child_device_list) ? page.child_device_list : []
    all.push(...list)
    const sum = typeof page?.sum === 'number' ? page.sum : 0
    if (list.length === 0 || all.length >= sum) break
  }
  return all.slice(0, MAX_OUTLETS)
}

function resultIn(
  wanted: readonly Call[],
  replies: readonly { errorCode: number; result: unknown }[],
  method: string,
): unknown {
  const reply = replies[wanted.findIndex((call) => call.method === method)]
  return reply?.errorCode === 0 ? reply.result : undefined
}

function energyOf(resultOf: (method: string) => unknown): { usage: unknown; emeter: unknown; power: unknown } {
  return { usage: resultOf(USAGE), emeter: resultOf(EMETER), power: resultOf(POWER) }
}

function keep(meters: Map<string, Metered>, outlet: string, metered: Metered | null): void {
  if (metered !== null) meters.set(outlet, metered)
}

function readOnly(): LaresError {
  const words = 'The schedules of this plug can be seen here and changed in the Tapo app.'
  return new LaresError('unsupported', words, { code: 'NOT_SUPPORTED' })
}
