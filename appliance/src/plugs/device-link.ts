import type { FoundDevice } from './discovery/types.ts'
import type { Countdown, DeviceRead, NewScheduleRule, ScheduleRule } from './languages/types.ts'
import type { Encryption, FailureClass, Scheme } from './transports/types.ts'

export type Urgency = 'person' | 'poll'

/** What to keep of a device over restarts; JSON. */
export interface LinkMemory {
  scheme: Scheme
  signedInAs: string | null
  owner: string | null
}

/** What was seen of a host lately, for `diagnose`. */
export interface Observation {
  encryption: Encryption | 'probe'
  port: number
  /** null: it worked. */
  failure: FailureClass | null
  code: string | null
  at: number
}

export interface DeviceLinkEvents {
  /** The device speaks another way than it did: a firmware update, mostly. A notice, not an outage. */
  onSchemeChanged?(from: Scheme, to: Scheme): void
  /** Worth storing. */
  onMemory?(memory: LinkMemory): void
}

/** Speaks with one device, whatever it speaks. One question at a time per host; errors are `LaresError` in plain words. */
export interface DeviceLink {
  readonly host: string
  readonly port: number
  /** `apply` runs before the next question to this address begins, so that states are seen in the order they were true. */
  read(urgency: Urgency, apply?: (read: DeviceRead) => void): Promise<DeviceRead>
  /** Resolves once the device confirmed. */
  setPower(outlet: string, on: boolean, apply?: () => void): Promise<void>
  setBrightness(outlet: string, percent: number, apply?: () => void): Promise<void>
  setLed(on: boolean, apply?: () => void): Promise<void>
  countdown(outlet: string): Promise<Countdown | null>
  setCountdown(outlet: string, countdown: { delayS: number; on: boolean }): Promise<void>
  deleteCountdown(outlet: string): Promise<void>
  schedules(outlet: string): Promise<ScheduleRule[]>
  addSchedule(outlet: string, rule: NewScheduleRule): Promise<string>
  editSchedule(outlet: string, rule: ScheduleRule): Promise<void>
  deleteSchedule(outlet: string, id: string): Promise<void>
  /** null until it worked once. */
  memory(): LinkMemory | null
  observations(): readonly Observation[]
  /** What discovery said of it: tried the next time something fails. */
  hint(found: FoundDevice): void
  /** Forgets pauses after wrong passwords: the owner entered new ones. */
  credentialsChanged(): void
  close(): void
}
