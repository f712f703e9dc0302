import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { corrected, sessionRevoked } from '../../appliance/src/accounts/sessions/session-rules.ts'
import type { StoredSession } from '../../appliance/src/accounts/sessions/session-store.ts'

const DAY_MS = 86_400_000
const LIFE_MS = 7 * DAY_MS
const session = (times: { expiresAt: number; lastSeenAt: number }): StoredSession => ({
  ...{ id: 's', userId: 'u', deviceHash: '', fingerprint: '', userAgent: '', address: '', trusted: false },
  ...{ createdAt: 0, freshUntil: 0, endedAt: null, endedReason: null, ...times },
})

describe('SEC-A6 what a wrong clock wrote', () => {
  test('is put right: nothing lies further ahead than it could', () => {
    const time = fc.integer({ min: 0, max: 100 * 365 * DAY_MS })
    fc.assert(
      fc.property(time, time, time, (now, expiresAt, lastSeenAt) => {
        const right = corrected(session({ expiresAt, lastSeenAt }), now, LIFE_MS) ?? { expiresAt, lastSeenAt }
        assert.ok(right.expiresAt <= now + LIFE_MS + 60_000)
        assert.ok(right.lastSeenAt <= now + 60_000)
        assert.ok(right.expiresAt <= expiresAt && right.lastSeenAt <= lastSeenAt, 'never longer than it was')
      }),
    )
  })

  test('is left alone where it could be right', () => {
    const now = 40 * 365 * DAY_MS
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LIFE_MS }), fc.integer({ min: 0, max: LIFE_MS }), (left, ago) => {
        assert.equal(corrected(session({ expiresAt: now + left, lastSeenAt: now - ago }), now, LIFE_MS), null)
      }),
    )
  })
})

test('SEC-A8 every reason has words, also one that nobody wrote a sentence for', () => {
  for (const reason of ['idle', 'too-many-sessions', 'access-changed', 'reset']) {
    const error = sessionRevoked(reason)
    assert.deepEqual([error.kind, error.code, error.details], ['unauthenticated', 'SESSION_REVOKED', { reason }])
    assert.match(error.message, /\.$/)
  }
})
