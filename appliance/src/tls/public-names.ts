import type { PublicName } from '../api/certificates.ts'
import { sleep, type Clock } from '../core/clock.ts'
import { systemCodeOf } from '../core/errors.ts'

/** Addresses of a name, as this box is told them by the home's own router. Rejects with a system error. */
export type LookUp = (name: string) => Promise<readonly string[]>

const LONGEST_WAIT_MS = 3_000
const ASK_AGAIN_MS = 60_000
const NOT_THERE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

/** Where one name leads from here. `own`: addresses of this box. */
async function whereItLeads(name: string, own: ReadonlySet<string>, lookUp: LookUp): Promise<PublicName> {
  try {
    const addresses = [...new Set(await lookUp(name))]
    const isHere = addresses.some((address) => own.has(address))
    return { name, leads: isHere ? 'here' : addresses.length > 0 ? 'elsewhere' : 'nowhere', addresses }
  } catch (error) {
    // Routers that protect against rebinding answer as if a name with a home address were not there.
    return { name, leads: NOT_THERE.has(systemCodeOf(error) ?? '') ? 'nowhere' : 'unknown', addresses: [] }
  }
}

/** Tells whether phones at home find the box under its public names; asked by the page, remembered for a minute. */
export function createPublicNames({ clock, lookUp }: { clock: Clock; lookUp: LookUp }) {
  const known = new Map<string, { atMs: number; found: PublicName }>()

  async function one(name: string, own: ReadonlySet<string>): Promise<PublicName> {
    const before = known.get(name)
    if (before && clock.monotonic() - before.atMs < ASK_AGAIN_MS) return before.found
    const late = sleep(clock, LONGEST_WAIT_MS).then((): PublicName => ({ name, leads: 'unknown', addresses: [] }))
    const found = await Promise.race([whereItLeads(name, own, lookUp), late])
    known.set(name, { atMs: clock.monotonic(), found })
    return found
  }

  return (names: readonly string[], own: readonly string[]): Promise<PublicName[]> => {
    const addresses = new Set(own)
    return Promise.all(names.filter((name) => !name.startsWith('*.')).map((name) => one(name, addresses)))
  }
}
