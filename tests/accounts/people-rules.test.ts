import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  countMainstays,
  isWithin,
  refusalOf,
  type Access,
  type Member,
  type MemberChange,
} from '../../appliance/src/accounts/people/access-rules.ts'
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Permission } from '../../appliance/src/api/permissions.ts'

const CAMERAS = ['yard', 'door', 'attic'] as const

const permissions = fc.subarray([...PERMISSIONS])
const cameras = fc.option(fc.subarray([...CAMERAS]), { nil: null })
const access: fc.Arbitrary<Access> = fc.record({ permissions, cameras })

/** Built-in roles, and one of the home's own that may everything: the most dangerous neighbour of an administrator. */
const HOME_ROLES: Readonly<Record<string, readonly Permission[]>> = { ...ROLE_PERMISSIONS, everything: PERMISSIONS }
const role = fc.constantFrom(...ROLES, 'everything')
const permitted = (name: string): readonly Permission[] => HOME_ROLES[name] ?? []

const member = (id: string): fc.Arbitrary<Member> =>
  fc
    .record({ role, cameras, active: fc.boolean() })
    .map(({ role: name, ...rest }) => ({ id, role: name, permissions: permitted(name), ...rest }))

interface Step {
  actor: number
  target: number
  change: { role?: string; cameras?: string[] | null; active?: boolean } | null
}

const step: fc.Arbitrary<Step> = fc.record({
  actor: fc.nat(4),
  target: fc.nat(4),
  change: fc.option(
    fc.record({ role, cameras, active: fc.boolean() }, { requiredKeys: [] }) as fc.Arbitrary<
      NonNullable<Step['change']>
    >,
    { nil: null, freq: 4 },
  ),
})

const asMemberChange = ({ change }: Step): MemberChange =>
  change && { ...change, ...(change.role === undefined ? {} : { permissions: permitted(change.role) }) }

describe('SEC-A10 who may grant and manage what', () => {
  test('to be within is an order: oneself, and onwards', () => {
    fc.assert(
      fc.property(access, access, access, (a, b, c) => {
        assert.ok(isWithin(a, a))
        if (isWithin(a, b) && isWithin(b, c)) assert.ok(isWithin(a, c))
      }),
    )
  })

  test('nothing more is within: neither one permission nor one camera', () => {
    fc.assert(
      fc.property(access, fc.constantFrom(...PERMISSIONS), fc.constantFrom(...CAMERAS), (outer, permission, camera) => {
        const more = { ...outer, permissions: [...outer.permissions, permission] }
        assert.equal(isWithin(more, outer), outer.permissions.includes(permission))
        if (outer.cameras === null) return
        assert.equal(isWithin({ ...outer, cameras: null }, outer), false)
        const seesMore = { ...outer, cameras: [...outer.cameras, camera] }
        assert.equal(isWithin(seesMore, outer), outer.cameras.includes(camera))
      }),
    )
  })

  test('whatever is asked by whomever in whatever order, an administrator who sees everything stays', () => {
    fc.assert(
      fc.property(fc.tuple(...['b', 'c', 'd', 'e'].map(member)), fc.array(step, { maxLength: 40 }), (others, steps) => {
        const first: Member = { id: 'a', role: 'admin', permissions: PERMISSIONS, cameras: null, active: true }
        let members: Member[] = [first, ...others]
        for (const each of steps) {
          const actor = members[each.actor]
          const target = members[each.target]
          if (!actor?.active || !target || !actor.permissions.includes('users.edit')) continue
          const change = asMemberChange(each)
          if (refusalOf(actor, target, change, countMainstays(members))) continue
          members = members.flatMap((one) => (one !== target ? one : change === null ? [] : { ...target, ...change }))
          assert.ok(countMainstays(members) >= 1)
          // Whoever was not within the actor's reach is still what they were; nobody came to have more than the actor.
          assert.ok(isWithin(target, actor))
          if (change !== null) assert.ok(isWithin({ ...target, ...change }, actor))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('nobody switches themselves off or removes themselves, not even one administrator of two', () => {
    const ada: Member = { id: 'a', role: 'admin', permissions: PERMISSIONS, cameras: null, active: true }
    assert.equal(refusalOf(ada, ada, null, 2), 'YOURSELF')
    assert.equal(refusalOf(ada, ada, { active: false }, 2), 'YOURSELF')
    assert.equal(refusalOf(ada, ada, { role: 'guest', permissions: permitted('guest') }, 2), null)
    assert.equal(refusalOf(ada, ada, { role: 'guest', permissions: permitted('guest') }, 1), 'LAST_ADMIN')
    assert.equal(refusalOf(ada, ada, { cameras: [] }, 1), 'LAST_ADMIN')
    assert.equal(refusalOf(ada, ada, null, 1), 'LAST_ADMIN')
  })
})
