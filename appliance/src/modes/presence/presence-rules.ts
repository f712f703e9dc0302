import type { PresenceState } from '../../api/modes.ts'

/** What tells whether one person is home. */
export interface KnownDevice {
  id: string
  userId: string
  kind: 'wifi' | 'geofence'
  state: PresenceState
  since: number | null
  seenAt: number | null
}

/**
 * What one look at the Wi-Fi makes of a phone: seen is home at once; not seen is away only after a while, because
 * sleeping phones do not answer.
 */
export function afterLook(device: KnownDevice, seen: boolean, now: number, awayAfterMs: number): KnownDevice {
  if (seen) {
    const since = device.state === 'home' ? device.since : now
    return { ...device, state: 'home', since, seenAt: now }
  }
  // Never seen yet, or not since the clock was set: the wait begins now.
  if (device.seenAt === null || device.seenAt > now) return { ...device, seenAt: now }
  if (device.state === 'away' || now - device.seenAt < awayAfterMs) return device
  return { ...device, state: 'away', since: now }
}

/** A phone that said it came or went itself. */
export function afterWord(device: KnownDevice, state: 'home' | 'away', now: number): KnownDevice {
  return { ...device, state, since: device.state === state ? device.since : now, seenAt: now }
}

/** Somebody is home when any of their phones is, away when all are. */
export function personState(devices: readonly KnownDevice[]): { state: PresenceState; since: number | null } {
  const since = (list: readonly KnownDevice[], pick: (...values: number[]) => number): number | null => {
    const times = list.flatMap((device) => (device.since === null ? [] : [device.since]))
    return times.length === 0 ? null : pick(...times)
  }
  const home = devices.filter(({ state }) => state === 'home')
  if (home.length > 0) return { state: 'home', since: since(home, Math.min) }
  if (devices.length > 0 && devices.every(({ state }) => state === 'away'))
    return { state: 'away', since: since(devices, Math.max) }
  return { state: 'unknown', since: null }
}

/** `empty`: everybody of whom something is known is away. `unknown`: nobody has a phone that tells, or one is not known yet. */
export function houseState(people: readonly PresenceState[]): 'empty' | 'lived-in' | 'unknown' {
  if (people.includes('home')) return 'lived-in'
  return people.length > 0 && people.every((state) => state === 'away') ? 'empty' : 'unknown'
}
