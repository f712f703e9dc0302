import type { Clock } from '../core/clock.ts'
import { budgetAddress } from './client-address.ts'
import type { Refusal } from './gate.ts'
import { RateCounter } from './rate-counter.ts'

const ONCE_A_MINUTE = { count: 1, perS: 60 }

/**
 * Tells of refusals so that a flood does not fill the record: whoever is over a budget, or comes from a page that is not
 * allowed, is told of once a minute. What people were denied is told each time.
 */
export function calmly(clock: Clock, tell: (refusal: Refusal) => void): (refusal: Refusal) => void {
  const told = new RateCounter({ name: 'refusals', allowance: ONCE_A_MINUTE, clock })
  return (refusal) => {
    const { type, principal, address, needs } = refusal
    if (type === 'permission_denied') return tell(refusal)
    // The origin is whatever the client says: another one each time must not be news each time.
    const what = type === 'origin_refused' ? '' : needs
    told.consume(`${type} ${principal?.userId ?? budgetAddress(address)} ${what}`).then(
      () => tell(refusal),
      () => undefined,
    )
  }
}
