import type { Bus } from '../../appliance/src/core/bus.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import type { Events } from '../../appliance/src/events.ts'
import type { HomeAccount } from './home-account.ts'
import type { HomeData } from './home-data.ts'

export const OWNER = { username: 'ada', displayName: 'Ada', password: 'Correct-Horse-42' } as const
export const SETUP_CODE = '7KQ2-M4XD'
export const TOTP_CODE = '424242'
export const RECOVERY_CODES = Array.from({ length: 10 }, (_, index) => `recov-${String(index)}${String(index)}abc`)

export interface HomeState {
  data: HomeData
  setupDone: boolean
  /** Access tokens that are good. */
  sessions: Set<string>
  /** Whoever lives here, and how they sign in. */
  account: HomeAccount
  /** Mishaps a test asks for. */
  knobs: {
    /** Nobody answers when cameras are looked for. */
    noCameras?: boolean
    /** What of the files on the card could not be taken over. */
    cardProblems?: string[]
    switchFails: boolean
    switchDelayMs: number
    /** Plugs that answer a call and want an account, until one is entered. */
    waitingPlugs: number
    cameraAnswers: 'picture' | 'wrong-password'
    clip: boolean
  }
  testPushes: number
}

export interface HomeDeps {
  state: HomeState
  bus: Bus<Events>
}

export function find<T extends { id: string }>(list: readonly T[], id: string): T {
  const found = list.find((each) => each.id === id)
  if (!found) throw new LaresError('not-found', 'That is not there any more.')
  return found
}

/** What all routes of the tests have in common. */
export const open = { limit: 'general' as const, summary: 'For tests.' }
