import type { PreparedPassword } from '../accounts/index.ts'
import type { Clock } from '../core/clock.ts'
import { sha256Hex } from '../core/crypto.ts'
import { normalSetupCode } from './setup-code.ts'

const KEPT_MS = 30 * 60_000

/** What was entered in the first step. In memory only: until the second step nothing of it exists. */
export interface PendingAdministrator {
  username: string
  displayName: string
  password: PreparedPassword
  totpSecret: string
}

export interface PendingSetup {
  put(setupCode: string, administrator: PendingAdministrator): void
  /** null when the first step was not done, or longer ago than half an hour. */
  get(setupCode: string): PendingAdministrator | null
  clear(): void
}

export function createPendingSetup(clock: Clock): PendingSetup {
  let kept: { codeHash: string; administrator: PendingAdministrator; untilMs: number } | null = null
  const hash = (code: string): string => sha256Hex(normalSetupCode(code))
  return {
    put(setupCode, administrator) {
      kept = { codeHash: hash(setupCode), administrator, untilMs: clock.monotonic() + KEPT_MS }
    },
    get(setupCode) {
      if (!kept || kept.codeHash !== hash(setupCode) || clock.monotonic() >= kept.untilMs) return null
      return kept.administrator
    },
    clear() {
      kept = null
    },
  }
}
