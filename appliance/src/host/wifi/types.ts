/** A network that somebody wants the box to be in. */
export interface WantedWifi {
  readonly ssid: string
  /** null: an open network. */
  readonly password: string | null
  /** It does not tell its name by itself. */
  readonly hidden: boolean
}

export const WIFI_SECURITY = ['open', 'password', 'unsupported'] as const

/** A network that the box hears. */
export interface HeardNetwork {
  readonly ssid: string
  /** 0 to 100, of its strongest radio. */
  readonly strength: number
  /** `unsupported`: WEP, or one with a sign-in for each person. */
  readonly security: (typeof WIFI_SECURITY)[number]
}

export const JOIN_FAILURES = ['wrong-password', 'not-found', 'no-address', 'failed'] as const
export type JoinFailure = (typeof JOIN_FAILURES)[number]

export interface NetworkDevice {
  readonly name: string
  readonly kind: 'wired' | 'wifi'
  readonly connected: boolean
  /** Of the profile that is on it; null where there is none. */
  readonly profileId: string | null
}
