import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { createPeople, type People } from '../../appliance/src/accounts/people/people.ts'
import { countMainstays, deletePerson, listPeople } from '../../appliance/src/accounts/people/people-store.ts'
import { insertUser } from '../../appliance/src/accounts/people/user-store.ts'
import { createAudit } from '../../appliance/src/audit/index.ts'
import { systemClock as clock } from '../../appliance/src/core/clock.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import { fakePrincipal } from '../fakes/routes.ts'

const NAMES = ['ada', 'bea', 'cem', 'dan'] as const
const REFUSALS: ReadonlySet<string> = new Set([
  ...['LAST_ADMIN', 'YOURSELF', 'BEYOND_YOUR_OWN', 'PERMISSION_DENIED', 'NOT_FOUND'],
])

const name = fc.constantFrom(...NAMES)
const change = fc.oneof(
  fc.record({ role: fc.constantFrom('admin', 'operator', 'viewer') }),
  fc.record({ active: fc.boolean() }),
  fc.record({ cameras: fc.constantFrom<string[] | null>([], null) }),
  fc.constant(null),
)
const step = fc.record({ actor: name, target: name, change })

describe('SEC-A10 the last administrator', () => {
  let database: TestDatabase
  let people: People
  before(async () => {
    database = await openTestDatabase()
    const audit = createAudit({ database, clock, log: silentLog() })
    const sessions = { endOthers: () => Promise.resolve(0) }
    const passwords = {} as never
    people = createPeople({ database, clock, audit, passwords, sessions, announceChange: () => undefined })
  })
  after(() => database.close())

  async function beginAnew(): Promise<Map<string, string>> {
    for (const { id } of await listPeople(database.writer, 0)) await deletePerson(database.writer, id)
    const ids = new Map<string, string>()
    for (const username of NAMES) {
      const id = newId(clock.now())
      ids.set(username, id)
      await insertUser(database.writer, {
        ...{ id, username, displayName: username, role: 'admin', cameras: null, passwordHash: 'x' },
        ...{ passwordChangedAt: 1, totpSecret: null, totpLastStep: 0, createdAt: 1 },
      })
    }
    return ids
  }

  test('stays, whatever four administrators do to each other and themselves, all at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        const ids = await beginAnew()
        const idOf = (who: string): string => ids.get(who) ?? ''
        const outcomes = await Promise.allSettled(
          steps.map((each) => {
            const asker = { principal: fakePrincipal(idOf(each.actor)), address: '127.0.0.1', userAgent: 'test' }
            const target = idOf(each.target)
            return each.change === null
              ? people.remove(asker, target)
              : people.change(asker, target, each.change).then(() => undefined)
          }),
        )
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue
          assert.ok(outcome.reason instanceof LaresError && REFUSALS.has(outcome.reason.code), String(outcome.reason))
        }
        assert.ok((await countMainstays(database.writer)) >= 1)
      }),
      { numRuns: 60 },
    )
  })
})
