import type { JOIN_FAILURES } from '../../api/network.ts'

/** A network that somebody wants the box to be in. */
export interface WantedWifi {
  readonly ssid: string
  /** null: an open network. */
  readonly password: string | null
  /** It does not tell its name by itself. */
  readonly hidden: boolean
}

export { JOIN_FAILURES, type HeardNetwork } from '../../api/network.ts'
export type JoinFailure = (typeof JOIN_FAILURES)[number]

export interface NetworkDevice {
  readonly name: string
  readonly kind: 'wired' | 'wifi'
  readonly connected: boolean
  /** Of the profile that is on it; null where there is none. */
  readonly profileId: string | null
}
