import type { BeginSetupReply, FinishSetupReply, SetupStatus } from '../api/setup.ts'
import type { Accounts, ClientMeta, OpenedSession } from '../accounts/index.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import type { Database } from '../db/database.ts'
import type { Route } from '../http/route.ts'
import type { Settings } from '../settings/types.ts'
import type { Tls } from '../tls/index.ts'

export interface SetupDeps {
  accounts: Accounts
  settings: Settings
  tls: Tls
  database: Database
  clock: Clock
  log: Log
  /** The box is `<name>.local`. */
  name: string
  version: string
  /** What of the files on the card could not be taken over, in sentences; on an image of ours only. */
  cardProblems?(): Promise<string[]>
}

export interface Ports {
  httpsPort: number
  httpPort: number
}

/** What a screen at the box says. */
export interface ScreenWords {
  version: string
  homeName: string
  /** The box is `<name>.local`. */
  name: string
  /** At which phones reach it, likeliest first; none without a network. */
  addresses: string[]
  appLinks: string[]
  trustPage: string
  fingerprint: string
  setupCode: string | null
}

export interface BeginSetup {
  setupCode: string
  username: string
  displayName: string
  password: string
}

export interface FinishSetup {
  setupCode: string
  code: string
  homeName: string
  timeZone: string
  currency: string
  /** A phone of one's own: it stays signed in. */
  trustDevice?: boolean | undefined
}

/** Where setup is done from. */
export type SetupClient = ClientMeta

export interface Setup extends Part {
  readonly routes: readonly Route[]
  /** True once an account exists; until then the HTTP gate lets only setup through. */
  isDone(): boolean
  status(): Promise<SetupStatus>
  /** Throws `forbidden` SETUP_CODE_WRONG, `too-many`, `invalid` PASSWORD_WEAK, `conflict` SETUP_DONE. */
  begin(input: BeginSetup, client: SetupClient): Promise<BeginSetupReply>
  /** Creates the administrator, the home and a session, all or nothing. Throws as `begin`, and `invalid` CODE_WRONG. */
  finish(input: FinishSetup, client: SetupClient): Promise<FinishSetupReply & { session: OpenedSession }>
  /** The one-time code for console and demo; null once setup is done. */
  code(): string | null
  /** What the console shows when the server listens. */
  banner(ports: Ports): string
  /** The same for a screen at the box. */
  screen(ports: Ports): ScreenWords
}
