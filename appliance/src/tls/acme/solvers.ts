import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { AcmeConfig } from './config.ts'
import type { DnsLookups } from './dns/lookups.ts'
import { recordFor, waitUntilVisible } from './dns/record.ts'
import type { DnsProvider } from './dns/types.ts'
import type { HttpChallenges } from './http-challenges.ts'

/** Puts a proof where the authority looks for it. */
export interface Solver {
  /** `answer` is what the authority wants to read. The returned function takes it away again. */
  present(name: string, token: string, answer: string, signal: AbortSignal): Promise<() => Promise<void>>
}

export const createHttpSolver = (challenges: HttpChallenges): Solver => ({
  async present(_name, token, answer) {
    const withdraw = challenges.put(token, answer)
    return async () => withdraw()
  },
})

interface DnsSolverDeps {
  provider: DnsProvider
  lookups: DnsLookups
  clock: Clock
  waitMs: number
}

export const createDnsSolver = ({ provider, lookups, clock, waitMs }: DnsSolverDeps): Solver => ({
  async present(name, _token, answer, signal) {
    const record = await recordFor(name, lookups)
    await provider.set(record, answer, signal)
    await waitUntilVisible(record, answer, { lookups, clock, waitMs, signal })
    // Taken away even while the box stops: a proof that stays is litter in somebody's zone.
    return () => provider.remove(record, answer, new AbortController().signal)
  },
})

interface Deps {
  challenges: HttpChallenges
  lookups: DnsLookups
  clock: Clock
  provider: DnsProvider | null
}

export function chooseSolver({ challenge, dns }: AcmeConfig, deps: Deps): Solver {
  if (challenge === 'http-01') return createHttpSolver(deps.challenges)
  const { provider, lookups, clock } = deps
  if (!provider) throw new LaresError('conflict', 'Nobody is chosen who changes the records of the name.')
  return createDnsSolver({ provider, lookups, clock, waitMs: dns.waitS * 1_000 })
}
