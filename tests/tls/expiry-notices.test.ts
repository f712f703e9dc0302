import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NoticeBoard } from '../../appliance/src/core/notices.ts'
import { createExpiryNotices, warningStage, type Expiring } from '../../appliance/src/tls/expiry-notices.ts'
import { createFakeClock } from '../fakes/clock.ts'

const DAY_MS = 86_400_000

describe('SEC-B4 the end of a certificate', () => {
  test('is told 14, 7, 3 and 1 days before it, once each, and not any more when it was renewed', async () => {
    const clock = createFakeClock()
    const told: string[] = []
    const raised = new Map<string, Parameters<NoticeBoard['raise']>[0]>()
    const notices: NoticeBoard = {
      raise(notice) {
        raised.set(notice.id, notice)
        told.push(`${Math.round((ends - clock.now()) / DAY_MS)} ${notice.level} ${notice.title}`)
      },
      clear: (id) => void raised.delete(id),
    }
    const expiry = createExpiryNotices({ clock, notices })
    let ends = clock.now() + 45 * DAY_MS
    const look = (problem: string | null = null): void =>
      expiry.checkAll([{ kind: 'acme', certificate: { notBeforeMs: ends - 45 * DAY_MS, notAfterMs: ends }, problem }])
    for (let hour = 0; hour < 46 * 24; hour++) {
      look('The authority does not answer.')
      await clock.advance(DAY_MS / 24)
    }
    assert.deepEqual(told, [
      '14 warning The public certificate of this box ends in 14 days',
      '7 warning The public certificate of this box ends in 7 days',
      '3 problem The public certificate of this box ends in 3 days',
      '1 problem The public certificate of this box ends tomorrow',
      '0 problem The public certificate of this box has ended',
    ])
    assert.match(raised.get('certificate-ends-acme')?.detail ?? '', /The authority does not answer/)
    ends = clock.now() + 90 * DAY_MS
    look()
    assert.equal(raised.size, 0)
    ends = clock.now() + 2 * DAY_MS
    look()
    assert.equal(raised.size, 1)
    expiry.checkAll([])
    assert.equal(raised.size, 0, 'it is not served any more')
  })

  test('a certificate of six days is not called late from the first hour on', () => {
    const now = Date.UTC(2026, 0, 1)
    const served = (lifeDays: number, leftDays: number): Expiring['certificate'] => ({
      ...{ notBeforeMs: now + (leftDays - lifeDays) * DAY_MS, notAfterMs: now + leftDays * DAY_MS },
    })
    assert.equal(warningStage(served(6, 5.9), now), null)
    assert.equal(warningStage(served(6, 0.9), now), 1)
    assert.equal(warningStage(served(45, 13.9), now), 14)
    assert.equal(warningStage(served(45, 2), now), 3)
    assert.equal(warningStage(served(45, -1), now), 0)
  })
})
