import type { PlugReading } from '../../api/plugs.ts'
import type { Family } from '../transports/types.ts'

/** What a device can do, told by the device itself, never by its model's name. */
export interface Capabilities {
  switch: boolean
  meter: boolean
  dimmer: boolean
  light: boolean
  led: boolean
  countdown: boolean
  scheduleRead: boolean
  scheduleWrite: boolean
}

/** `id` is empty for a device with one outlet. */
export interface Outlet {
  id: string
  alias: string
  on: boolean
  /** 1–100; null where there is nothing to dim. */
  brightness: number | null
}

/** What a device says about itself, in our words. */
export interface DeviceInfo {
  /** Upper case with colons. The identity of a plug is this and its outlet. */
  mac: string
  model: string
  alias: string
  /** At least one. */
  outlets: Outlet[]
  kind: 'plug' | 'bulb'
  family: Family
  hardware: string | null
  firmware: string | null
  /** dBm, negative. */
  rssiDbm: number | null
  /** null where there is none to tell of. */
  ledOn: boolean | null
  capabilities: Capabilities
}

/**
 * Energy counters of one outlet, in whole watt-hours. What a device does not count is null.
 * `lifetimeWh` only grows (until somebody resets the device); `todayWh` and `monthWh` fall to 0 at the device's own midnight.
 */
export interface EnergyCounters {
  /** Milliseconds since the epoch, our clock. */
  at: number
  lifetimeWh: number | null
  todayWh: number | null
  monthWh: number | null
  /** The device's clock as it tells it (`2026-11-28 15:18:46`), to see midnight coming; null where it does not. */
  deviceTime: string | null
  /** `milliwatt`: the power beside it was measured; `watt`: the device rounds to whole watts. */
  powerQuality: 'milliwatt' | 'watt'
}

export interface DeviceRead {
  info: DeviceInfo
  /** By outlet id; only outlets whose power was told. */
  readings: ReadonlyMap<string, PlugReading>
  /** By outlet id; for the same outlets as `readings`. */
  energy: ReadonlyMap<string, EnergyCounters>
  /** Milliseconds since the epoch. */
  at: number
}

/** The one countdown that a device holds. */
export interface Countdown {
  id: string
  enabled: boolean
  /** What happens at its end. */
  on: boolean
  delayS: number
  /** null when the device does not tell. */
  remainingS: number | null
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** A rule that the device runs by itself, also when this box is off. */
export interface ScheduleRule {
  id: string
  name: string
  enabled: boolean
  on: boolean
  /** A time of day, or the sun, which the device reckons from its own location. */
  at: { kind: 'time'; minuteOfDay: number } | { kind: 'sunrise' | 'sunset'; offsetMin: number }
  /** Empty: once, on `onDate`. */
  weekdays: Weekday[]
  /** `2026-11-28`, for a rule that runs once; null otherwise. */
  onDate: string | null
}
export type NewScheduleRule = Omit<ScheduleRule, 'id'>

/**
 * One device's language over some transport. Each call asks and resolves once the device confirmed; rejects with
 * `device-error` (PLUG_REFUSED) when it said no, `unsupported` when it cannot, or with what the transport says.
 * `outlet` is '' for a device with one outlet.
 */
export interface Language {
  readonly family: Family
  read(): Promise<DeviceRead>
  setPower(outlet: string, on: boolean): Promise<void>
  /** 1–100; it comes on with it. */
  setBrightness(outlet: string, percent: number): Promise<void>
  setLed(on: boolean): Promise<void>
  countdown(outlet: string): Promise<Countdown | null>
  /** Replaces the one that is there. */
  setCountdown(outlet: string, countdown: { delayS: number; on: boolean }): Promise<void>
  deleteCountdown(outlet: string): Promise<void>
  schedules(outlet: string): Promise<ScheduleRule[]>
  /** Resolves with the new rule's id. IOT only. */
  addSchedule(outlet: string, rule: NewScheduleRule): Promise<string>
  /** IOT only. */
  editSchedule(outlet: string, rule: ScheduleRule): Promise<void>
  /** IOT only. */
  deleteSchedule(outlet: string, id: string): Promise<void>
}
