import { sleep, type Clock } from '../../../core/clock.ts'
import { LaresError } from '../../../core/errors.ts'
import { challengeRecord } from '../names.ts'
import type { DnsLookups } from './lookups.ts'

const MOST_ALIASES = 8
const LOOK_EVERY_MS = 5_000

/**
 * Where the proof for a name is to be written: `_acme-challenge.<name>`, or where its aliases lead, as the authority
 * follows them too. So a name can stay with a provider that no program may change, and only its alias lies elsewhere.
 */
export async function recordFor(name: string, lookups: Pick<DnsLookups, 'alias'>): Promise<string> {
  let record = challengeRecord(name)
  for (let step = 0; step < MOST_ALIASES; step++) {
    // Where nobody answers, the name itself is the best guess: the provider will say if it is not its own.
    const target = await lookups.alias(record).catch(() => null)
    if (target === null) return record
    record = target.toLowerCase().replace(/\.$/, '')
  }
  throw new LaresError('conflict', `The aliases of ${challengeRecord(name)} go round in circles.`, {
    code: 'ALIAS_LOOP',
  })
}

export interface VisibleOptions {
  lookups: Pick<DnsLookups, 'authoritative'>
  clock: Clock
  /** Longest wait. */
  waitMs: number
  signal: AbortSignal
}

/**
 * Waits until the zone's own servers show the value, `waitMs` at most. False: they never did, or cannot be asked from
 * this home. That decides nothing: many routers answer such questions themselves, and wrongly.
 */
export async function waitUntilVisible(record: string, value: string, options: VisibleOptions): Promise<boolean> {
  const { lookups, clock, waitMs, signal } = options
  if (waitMs === 0) return false
  const until = clock.monotonic() + waitMs
  const servers = await lookups.authoritative(record).catch(() => null)
  while (!signal.aborted) {
    if (servers && (await servers.showsText(record, value).catch(() => false))) return true
    const leftMs = until - clock.monotonic()
    if (leftMs <= 0) return false
    await sleep(clock, Math.min(LOOK_EVERY_MS, leftMs), signal)
  }
  return false
}
