import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { AskOptions } from '../transports/types.ts'
import { readCountdown, readSchedules, writeSchedule } from './iot-rules.ts'
import { readRealtime, readSysinfo, type Metered } from './iot-state.ts'
import { parseAnswer } from './json.ts'
import { splitMeters } from './meters.ts'
import { createKasaDevice, type KasaDevice } from './kasa-library.ts'
import type { DeviceInfo, DeviceRead, Language } from './types.ts'

export interface IotDeps {
  host: string
  port: number
  clock: Clock
  /** Two modules in one question: one round trip saved. Over KLAP devices answer one module at a time. */
  batch: boolean
  ask(payload: string, options?: AskOptions): Promise<string>
}

type Command = Record<string, Record<string, unknown>>
const SYSINFO: Command = { system: { get_sysinfo: {} } }
const EMETER = { plug: 'emeter', bulb: 'smartlife.iot.common.emeter' } as const
const COUNTDOWN = 'count_down'

/** `{"module":{"method":{…}}}`: every Kasa device, old and new. */
export function createIotLanguage(deps: IotDeps): Language {
  const { host, port, clock } = deps
  /** What it said of itself first: decides which words it understands. */
  let sysinfo: unknown = null
  let metered: DeviceInfo['kind'] | null = null

  const ask = async (command: Command): Promise<Record<string, unknown>> =>
    parseAnswer(await deps.ask(JSON.stringify(command)))

  async function readOnce(): Promise<DeviceRead> {
    // One round trip for both when the last answer said that it meters; a plain one first to learn what it is.
    const both = deps.batch ? metered : null
    const reply = await ask(both ? { ...SYSINFO, [EMETER[both]]: { get_realtime: {} } } : SYSINFO)
    const answer = field(reply, 'system', 'get_sysinfo')
    const info = readSysinfo(answer)
    sysinfo ??= answer
    metered = info.capabilities.meter && info.outlets.length === 1 ? info.kind : null
    const at = clock.now()
    const meters = new Map<string, Metered>()
    if (both && both === info.kind) keep(meters, '', readRealtime(field(reply, EMETER[both], 'get_realtime'), at))
    else if (info.capabilities.meter) await readMeters(ask, info, meters, clock)
    return { info, ...splitMeters(meters), at }
  }

  /** Short-lived on purpose: the library's objects are large, and a home may have hundreds of plugs. */
  async function device(options?: AskOptions): Promise<KasaDevice> {
    if (sysinfo === null) await readOnce()
    return createKasaDevice(sysinfo, { host, port }, (payload) => deps.ask(payload, options))
  }

  const command: SendCommand = async (outlet, build, options) => {
    const kasa = await device(options)
    return kasa.command(build(kasa.modules), outlet === '' ? undefined : outlet)
  }

  return {
    family: 'iot',
    read: readOnce,
    setPower: async (outlet, on) => (await device()).setPower(on, outlet === '' ? undefined : outlet),
    setBrightness: async (_outlet, percent) => (await device()).setBrightness(percent),
    setLed: async (on) => void (await command('', () => ({ system: { set_led_off: { off: on ? 0 : 1 } } }))),
    ...iotRules(command),
  }
}

type SendCommand = (
  outlet: string,
  build: (modules: KasaDevice['modules']) => Command,
  options?: AskOptions,
) => Promise<unknown>
type Rules =
  'countdown' | 'setCountdown' | 'deleteCountdown' | 'schedules' | 'addSchedule' | 'editSchedule' | 'deleteSchedule'

function iotRules(command: SendCommand): Pick<Language, Rules> {
  return {
    countdown: async (outlet) => readCountdown(await command(outlet, () => ({ [COUNTDOWN]: { get_rules: {} } }))),
    async setCountdown(outlet, { delayS, on }) {
      // A device holds one; adding a second is refused with "table full".
      await command(outlet, () => ({ [COUNTDOWN]: { delete_all_rules: {} } }))
      const rule = { enable: 1, delay: delayS, act: on ? 1 : 0, name: 'Lares' }
      await command(outlet, () => ({ [COUNTDOWN]: { add_rule: rule } }), { once: true })
    },
    deleteCountdown: async (outlet) => void (await command(outlet, () => ({ [COUNTDOWN]: { delete_all_rules: {} } }))),
    schedules: async (outlet) =>
      readSchedules(await command(outlet, ({ schedule }) => ({ [schedule]: { get_rules: {} } }))),
    async addSchedule(outlet, rule) {
      const write = ({ schedule }: KasaDevice['modules']): Command => ({
        [schedule]: { add_rule: writeSchedule(rule) },
      })
      const { id } = ((await command(outlet, write, { once: true })) ?? {}) as { id?: unknown }
      if (typeof id !== 'string')
        throw new LaresError('unavailable', 'The plug did not say how it keeps the rule.', { code: 'BAD_REPLY' })
      return id
    },
    editSchedule: async (outlet, { id, ...rule }) =>
      void (await command(outlet, ({ schedule }) => ({ [schedule]: { edit_rule: { id, ...writeSchedule(rule) } } }))),
    deleteSchedule: async (outlet, id) =>
      void (await command(outlet, ({ schedule }) => ({ [schedule]: { delete_rule: { id } } }))),
  }
}

/** One question for each outlet: a strip tells its watts no other way. */
async function readMeters(
  ask: (command: Command) => Promise<Record<string, unknown>>,
  info: DeviceInfo,
  meters: Map<string, Metered>,
  clock: Clock,
): Promise<void> {
  const module = EMETER[info.kind]
  for (const { id } of info.outlets) {
    const context: Command = id === '' ? {} : { context: { child_ids: [id] } }
    // A meter that is announced but refuses leaves the plug switchable.
    keep(
      meters,
      id,
      readRealtime(
        field(await ask({ ...context, [module]: { get_realtime: {} } }), module, 'get_realtime'),
        clock.now(),
      ),
    )
  }
}

function keep(meters: Map<string, Metered>, outlet: string, metered: Metered | null): void {
  if (metered !== null) meters.set(outlet, metered)
}

function field(reply: Record<string, unknown>, module: string, method: string): unknown {
  const answer = reply[module]
  return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[method] : undefined
}
