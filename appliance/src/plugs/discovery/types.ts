import type { DeviceInfo } from '../languages/types.ts'
import type { Scheme } from '../transports/types.ts'

/** Somebody who answered a call. */
export interface FoundDevice {
  host: string
  /** Upper case with colons. */
  mac: string
  model: string
  /** Where to begin; the device's own wish first. */
  schemes: readonly Scheme[]
  /** Port of the first scheme. */
  port: number
  /** MD5 of the owner's e-mail address, lower-case hex; null where it told none. */
  owner: string | null
  /** False: it can be used as it is (XOR). True: it wants the account that it was set up with. */
  needsAccount: boolean
  /** All about it, where the call's answer tells it (XOR); null: sign in and ask. */
  info: DeviceInfo | null
}

export interface RangeProgress {
  asked: number
  total: number
  found: number
}
