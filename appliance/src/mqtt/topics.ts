import type { Plug } from '../api/plugs.ts'
import type { ArmMode } from './types.ts'

/** In place of a class: any that opens incidents of the camera. */
export const ANY_CLASS = 'any'

/** Where everything stands under the prefix. Pure. */
export function topicsUnder(prefix: string) {
  return {
    status: `${prefix}/status`,
    mode: `${prefix}/mode`,
    modeSet: `${prefix}/mode/set`,
    incident: `${prefix}/incident`,
    camera: (id: string) => ({
      motion: `${prefix}/camera/${id}/motion`,
      person: `${prefix}/camera/${id}/person`,
      occupancy: `${prefix}/camera/${id}/occupancy`,
      connected: `${prefix}/camera/${id}/connected`,
      zone: (zoneId: string, what: string) => `${prefix}/camera/${id}/zone/${zoneId}/${what}`,
    }),
    plug: (id: string) => ({
      state: `${prefix}/plug/${id}/state`,
      set: `${prefix}/plug/${id}/set`,
      power: `${prefix}/plug/${id}/power`,
      energy: `${prefix}/plug/${id}/energy`,
      available: `${prefix}/plug/${id}/available`,
    }),
    /** What commands come in on. */
    commands: [`${prefix}/mode/set`, `${prefix}/plug/+/set`],
  }
}

export const onOff = (on: boolean): string => (on ? 'ON' : 'OFF')

/** What a plug says of itself; unknown is left out, so that nobody takes it for off. */
export function plugStates(plug: Plug, topics: ReturnType<ReturnType<typeof topicsUnder>['plug']>): [string, string][] {
  const { on, reading, reachable } = plug
  const states: [string, string][] = [[topics.available, reachable ? 'online' : 'offline']]
  if (on !== null) states.push([topics.state, onOff(on)])
  if (reading) states.push([topics.power, (reading.powerMw / 1000).toFixed(1)])
  if (reading?.totalWh != null) states.push([topics.energy, (reading.totalWh / 1000).toFixed(3)])
  return states
}

/** The states of Home Assistant's alarm panel. */
const PANEL_STATES: Readonly<Record<ArmMode, string>> = {
  home: 'armed_home',
  away: 'armed_away',
  night: 'armed_night',
  disarmed: 'disarmed',
}
export const panelState = (mode: ArmMode, arming: boolean): string => (arming ? 'arming' : PANEL_STATES[mode])

const PANEL_COMMANDS: Readonly<Record<string, ArmMode>> = {
  ARM_HOME: 'home',
  ARM_AWAY: 'away',
  ARM_NIGHT: 'night',
  DISARM: 'disarmed',
}

export type Command = { what: 'mode'; mode: ArmMode } | { what: 'plug'; id: string; on: boolean }

/** What a message asks for; null when it is nothing that we know. Pure. */
export function readCommand(prefix: string, topic: string, payload: string): Command | null {
  if (topic === `${prefix}/mode/set`) {
    const mode = Object.hasOwn(PANEL_COMMANDS, payload) ? PANEL_COMMANDS[payload] : undefined
    return mode === undefined ? null : { what: 'mode', mode }
  }
  const start = `${prefix}/plug/`
  if (!topic.startsWith(start) || !topic.endsWith('/set')) return null
  const id = topic.slice(start.length, -'/set'.length)
  if (!/^[0-9a-f-]{36}$/.test(id) || (payload !== 'ON' && payload !== 'OFF')) return null
  return { what: 'plug', id, on: payload === 'ON' }
}
