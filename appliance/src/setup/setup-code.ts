import { randomInt } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { equalSecrets } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'

/** Nothing that is mistaken for something else when read from a console: no 0 O 1 I L 5 S 2 Z 8 B U V. */
const ALPHABET = 'ACDEFGHJKMNPQRTWXY34679'
const LENGTH = 8
const FREE_FAILURES = 5
const LONGEST_DELAY_MS = 60_000
const MOST_ADDRESSES = 1_000

/** For example `K7QW-3HTX`. */
export function newSetupCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
}

/** Case, dashes and spaces do not matter. */
export const normalSetupCode = (code: string): string => code.toUpperCase().replaceAll(/[\s-]/g, '')

export interface SetupCodeGuard {
  /** Throws `forbidden` SETUP_CODE_WRONG, or `too-many` after too many wrong ones from this address. */
  check(given: string, expected: string, address: string): void
}

/** Eight of 23 letters are 36 bits: with growing delays there is nothing to be guessed, and nobody else is kept waiting. */
export function createSetupCodeGuard(clock: Clock): SetupCodeGuard {
  const failures = new Map<string, { count: number; lastAt: number }>()

  function waitMs(address: string): number {
    const past = failures.get(address)
    if (!past || past.count < FREE_FAILURES) return 0
    const delayMs = Math.min(LONGEST_DELAY_MS, 2_000 * 2 ** (past.count - FREE_FAILURES))
    return past.lastAt + delayMs - clock.monotonic()
  }

  function remember(address: string): void {
    const count = (failures.get(address)?.count ?? 0) + 1
    const oldest = failures.size >= MOST_ADDRESSES ? failures.keys().next().value : undefined
    if (oldest !== undefined) failures.delete(oldest)
    // Deleted first, so that the order of the map is the order of failures.
    failures.delete(address)
    failures.set(address, { count, lastAt: clock.monotonic() })
  }

  return {
    check(given, expected, address) {
      const wait = waitMs(address)
      if (wait > 0) {
        const seconds = Math.ceil(wait / 1000)
        throw new LaresError('too-many', `Too many wrong codes. Please wait ${seconds} seconds and try again.`, {
          retryAfterS: seconds,
        })
      }
      if (expected !== '' && equalSecrets(normalSetupCode(given), normalSetupCode(expected))) {
        failures.delete(address)
        return
      }
      remember(address)
      throw new LaresError('forbidden', 'This is not the code that the box shows. Look at its console or log again.', {
        code: 'SETUP_CODE_WRONG',
      })
    },
  }
}
