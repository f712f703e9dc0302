import type { Plug, PlugCapability } from '../api/plugs.ts'
import type { Capabilities } from './languages/types.ts'
import type { StoredDevice } from './device-store.ts'
import { pictureUrl } from './pictures.ts'
import type { StoredPlug } from './plug-store.ts'

const WORTH_TELLING_MW = 500
const WORTH_TELLING_SHARE = 0.02
const AGE_WORTH_TELLING_MS = 60_000

/** How a device is right now, beside what is stored of it. */
export interface Liveness {
  reachable: boolean
  problem: string | null
  problemCode: string | null
}

export function viewOf(device: StoredDevice, plug: StoredPlug, live: Liveness): Plug {
  const { id, name, outlet, position, roomId, picture, last } = plug
  const { model, host, mac, can } = device
  return {
    ...{ id, name, model, host, mac, can, roomId },
    strip: outlet === '' ? null : { name: device.name, position },
    picture: pictureUrl(id, picture),
    ...live,
    ...last,
  }
}

/** The device's own word for each of ours. */
const NAMES: readonly [keyof Capabilities, PlugCapability][] = [
  ['switch', 'switch'],
  ['meter', 'meter'],
  ['dimmer', 'dimmer'],
  ['light', 'light'],
  ['led', 'led'],
  ['countdown', 'countdown'],
  ['scheduleRead', 'schedule'],
  ['scheduleWrite', 'schedule-edit'],
]

export const capabilitiesOf = (capabilities: Capabilities): PlugCapability[] =>
  NAMES.filter(([theirs]) => capabilities[theirs]).map(([, ours]) => ours)

const PLAIN = [
  'name',
  'model',
  'host',
  'roomId',
  'picture',
  'reachable',
  'problem',
  'problemCode',
  'on',
  'brightness',
] as const satisfies readonly (keyof Plug)[]

/** Whether the app should hear of `now` after it last heard `told`: a change of meaning, or that all is still so. */
export function isWorthTelling(told: Plug | null, now: Plug): boolean {
  if (told === null) return true
  if (PLAIN.some((key) => told[key] !== now[key])) return true
  if (told.can.join() !== now.can.join() || told.strip?.name !== now.strip?.name) return true
  if ((now.seenAt ?? 0) - (told.seenAt ?? 0) >= AGE_WORTH_TELLING_MS) return true
  return powerMoved(told.reading?.powerMw ?? null, now.reading?.powerMw ?? null)
}

function powerMoved(beforeMw: number | null, afterMw: number | null): boolean {
  if (beforeMw === null || afterMw === null) return beforeMw !== afterMw
  const moved = Math.abs(afterMw - beforeMw)
  return moved >= Math.max(WORTH_TELLING_MW, Math.abs(beforeMw) * WORTH_TELLING_SHARE)
}
