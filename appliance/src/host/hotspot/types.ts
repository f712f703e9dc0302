import type { HeardNetwork, JoinFailure, WantedWifi } from '../wifi/index.ts'

/** What somebody at the page of the access point asks for. */
export type Request = { kind: 'join'; wanted: WantedWifi; country: string } | { kind: 'scan' }

/** What the page shows. */
export interface PageState {
  readonly networks: readonly HeardNetwork[]
  /** Of the last try; null before one. */
  readonly lastFailure: { readonly ssid: string; readonly failure: JoinFailure } | null
  /** Two capital letters; null while nobody said. */
  readonly country: string | null
}

/** The radio and the network, as the watch needs them. */
export interface Radio {
  /** A cable, or a Wi-Fi that the box is in as a client, with an address. */
  isOnline(): Promise<boolean>
  isWifiKnown(): Promise<boolean>
  scan(): Promise<readonly HeardNetwork[]>
  join(wanted: WantedWifi): Promise<JoinFailure | null>
  /** Tries the Wi-Fi that is known. */
  rejoin(): Promise<JoinFailure | null>
  setCountry(country: string): Promise<void>
  /** What was chosen before, on the card or here; null while nobody has. */
  country(): Promise<string | null>
}

/** The access point with its page and its firewall: open or not there at all. */
export interface AccessPoint {
  readonly ssid: string
  readonly password: string
  /** Throws when the radio cannot. Nothing of it stays then. */
  open(page: PageState): Promise<void>
  close(): Promise<void>
  /** Whether somebody looked at the page or sent something during the last `ms`. */
  wasUsed(ms: number): boolean
  /** What was asked next; null after `ms` without anything. */
  nextRequest(ms: number, signal: AbortSignal): Promise<Request | null>
}

export const PHASES = ['waiting', 'open', 'joining', 'done'] as const
/** `waiting`: for a network that comes by itself. */
export type Phase = (typeof PHASES)[number]
