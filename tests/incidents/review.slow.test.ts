import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { incidentsReply, type Incident } from '../../appliance/src/api/incidents.ts'
import { bulkReviewReply, reviewHistoryReply, reviewReply, undoReply } from '../../appliance/src/api/review.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import type { ReviewState } from '../../appliance/src/incidents/review/review-store.ts'
import { changed } from '../../appliance/src/incidents/review/reviews.ts'
import { person, startServer, tokenOf, type Harness, type Reply } from '../http/harness.ts'
import { startLife, type Life } from './life.ts'

let life: Life
let server: Harness
let all: Incident[]

const send = (as: string, method: string, path: string, body?: unknown): Promise<Reply> =>
  server.ask(`/api/incidents${path}`, {
    ...{ as, method, headers: { origin: `https://127.0.0.1:${server.port}` } },
    ...(body === undefined ? {} : { send: body }),
  })
const list = async (query = '', as = 'olga'): Promise<Incident[]> =>
  incidentsReply.parse((await send(as, 'GET', query)).json()).incidents
const one = async (id: string): Promise<Incident> => (await list()).find((it) => it.id === id) as Incident
const review = async (as: string, id: string, body: object) =>
  reviewReply.parse((await send(as, 'PUT', `/${id}/review`, body)).json())
const undo = (as: string, id: string | null): Promise<Reply> => send(as, 'POST', `/reviews/${id}/undo`)
const records = () => life.database.reader.selectFrom('audit').selectAll().orderBy('id').execute()

before(async () => {
  life = await startLife()
  server = await startServer(life.incidents.routes, { dataDir: life.dataDir })
  const may = ['incidents.view', 'incidents.review'] as const
  for (const name of ['olga', 'ben']) {
    server.people.set(tokenOf(name), person(name, may))
    const row = { id: `user-${name}`, username: name, display_name: name === 'olga' ? 'Olga' : 'Ben', role: 'operator' }
    const rest = { password_hash: 'x', password_changed_at: 0, totp_secret: null, totp_last_step: 0, created_at: 0 }
    await life.database.writer
      .insertInto('users')
      .values({ ...row, ...rest, cameras_limited: 0, active: 1 })
      .execute()
  }
  server.people.set(tokenOf('gast'), person('gast', may, { cameras: new Set([newId(1)]) }))
  server.people.set(tokenOf('viewer'), person('viewer', ['incidents.view']))
  for (let n = 0; n < 4; n++) {
    life.see({ id: `track-${n}`, box: { x: n * 0.2, y: 0.1, width: 0.1, height: 0.2 } })
    await life.pass(35)
  }
})
after(async () => {
  await server.stop()
  await life.remove()
})
beforeEach(async () => {
  await life.database.writer
    .updateTable('incidents')
    .set({ feedback: null, reviewed_at: null, reviewed_by: null, starred: 0, notes: '', review_count: 0 })
    .execute()
  all = await list()
  assert.equal(all.length, 4)
})

describe('reviewing', () => {
  it('J2 keeps what somebody said, who and when; others hear of it, and the record has it', async () => {
    const [it] = all
    assert.ok(it)
    for (const feedback of ['expected', 'false', 'threat', 'unsure'] as const) {
      const { incident } = await review('olga', it.id, { feedback, starred: true, notes: '  The postman. ' })
      assert.deepEqual([incident.feedback, incident.starred, incident.notes], [feedback, true, 'The postman.'])
      assert.deepEqual(incident.reviewedBy, { id: 'user-olga', name: 'Olga' })
      assert.equal(incident.reviewedAt, life.clock.now())
      assert.deepEqual(life.changes.at(-1), { change: 'reviewed', incident })
    }
    assert.equal((await send('olga', 'GET', '/unreviewed')).json()['unreviewed'], 3)
    assert.deepEqual(
      (await list('?q=postm&starred=yes&reviewed=yes')).map(({ id }) => id),
      [it.id],
    )
    const entry = (await records()).at(-1)
    assert.deepEqual(
      [entry?.type, entry?.user_id, entry?.resource],
      ['incident_reviewed', 'user-olga', `incident:${it.id}`],
    )
    assert.ok(!entry?.details.includes('postman'), 'what somebody wrote stays out of the record')
    const { entries } = reviewHistoryReply.parse((await send('ben', 'GET', `/${it.id}/reviews`)).json())
    assert.equal(entries.length, 4)
    assert.deepEqual([entries[0]?.by, entries[0]?.feedback, entries[3]?.notes], ['Olga', 'unsure', 'The postman.'])
  })

  it('J2 taking it back restores exactly what was there, with who had said it when', async () => {
    const [it] = all
    assert.ok(it)
    await review('ben', it.id, { feedback: 'threat', notes: 'At the window' })
    const before = await one(it.id)
    await life.clock.advance(60_000)
    const { undo: act } = await review('olga', it.id, { feedback: 'expected', starred: true, notes: '' })
    assert.equal((await undo('ben', act)).status, 403)
    assert.deepEqual(undoReply.parse((await undo('olga', act)).json()), { restored: 1, left: 0 })
    const { reviewCount: _, ...restored } = await one(it.id)
    const { reviewCount: _before, ...was } = before
    assert.deepEqual(restored, was)
    assert.equal(restored.reviewedBy?.name, 'Ben')
    assert.equal((await undo('olga', act)).status, 409)
    assert.equal((await undo('olga', newId(0))).status, 404)
    assert.deepEqual(await list('?feedback=expected'), [])
  })

  it('J2 of two people at once, nobody overwrites what the other has just said', async () => {
    const [it] = all
    assert.ok(it)
    await review('ben', it.id, { feedback: 'threat', seen: it.reviewCount })
    const late = await send('olga', 'PUT', `/${it.id}/review`, { feedback: 'expected', seen: it.reviewCount })
    assert.deepEqual([late.status, late.json()['error_code']], [409, 'REVIEWED_MEANWHILE'])
    assert.match(String(late.json()['message']), /^Ben has changed this/)
    assert.equal((await one(it.id)).feedback, 'threat')
    const looked = await one(it.id)
    await review('olga', it.id, { feedback: 'expected', seen: looked.reviewCount })
    const { undo: act } = await review('ben', it.id, { starred: true })
    await review('olga', it.id, { notes: 'Mine' })
    assert.equal((await undo('ben', act)).json()['error_code'], 'REVIEWED_MEANWHILE')
    const together = await Promise.all(
      ['olga', 'ben'].map((as) => send(as, 'PUT', `/${it.id}/review`, { feedback: 'false', seen: 4 })),
    )
    assert.deepEqual(together.map(({ status }) => status).toSorted(), [200, 409])
  })

  it('J2 marks many at once, leaves threats alone, and takes all of it back together', async () => {
    const ids = all.map(({ id }) => id)
    await review('ben', ids[0] ?? '', { feedback: 'threat' })
    await review('ben', ids[1] ?? '', { feedback: 'false' })
    const reply = await send('olga', 'POST', '/review', { ids: [...ids, newId(0)], feedback: 'expected' })
    const { undo: act, ...done } = bulkReviewReply.parse(reply.json())
    assert.deepEqual(done, { changed: 3, threats: 1, more: false })
    const after = await list()
    assert.deepEqual(
      ids.map((id) => after.find((it) => it.id === id)?.feedback),
      ['threat', 'expected', 'expected', 'expected'],
    )
    assert.equal((await send('olga', 'GET', '/unreviewed')).json()['unreviewed'], 0)
    await review('ben', ids[3] ?? '', { feedback: 'threat' })
    assert.deepEqual(undoReply.parse((await undo('olga', act)).json()), { restored: 2, left: 1 })
    assert.deepEqual((await one(ids[1] ?? '')).reviewedBy, { id: 'user-ben', name: 'Ben' })
    assert.equal((await one(ids[2] ?? '')).reviewedAt, null)
    const matching = await send('olga', 'POST', '/review', { matching: { reviewed: 'no' }, feedback: 'false' })
    assert.equal(bulkReviewReply.parse(matching.json()).changed, 1)
    assert.equal((await send('olga', 'POST', '/review', { feedback: 'false' })).status, 400)
    assert.equal((await send('olga', 'POST', '/review', { ids, matching: {}, feedback: 'false' })).status, 400)
  })
})

describe('the bounds of reviewing', () => {
  it('J2 what is too long ago stays; what changes nothing is no change', async () => {
    const [it] = all
    assert.ok(it)
    const { undo: act } = await review('olga', it.id, { feedback: 'false' })
    assert.equal((await review('olga', it.id, { feedback: 'false', starred: false })).undo, null)
    await life.clock.advance(11 * 60_000)
    assert.equal((await undo('olga', act)).status, 409)
    assert.equal((await one(it.id)).feedback, 'false')
  })

  it('SEC-A10 is for those who may, on cameras that they see', async () => {
    const [it] = all
    const path = `/${it?.id}/review`
    assert.equal((await send('viewer', 'PUT', path, { feedback: 'false' })).status, 403)
    assert.equal((await send('viewer', 'POST', '/review', { ids: [it?.id], feedback: 'false' })).status, 403)
    assert.equal((await send('viewer', 'DELETE', '/feedback')).status, 403)
    assert.equal((await send('gast', 'PUT', path, { feedback: 'false' })).status, 404)
    assert.equal((await send('gast', 'GET', `/${it?.id}/reviews`)).status, 404)
    const bulk = await send('gast', 'POST', '/review', { ids: [it?.id], feedback: 'false' })
    assert.equal(bulkReviewReply.parse(bulk.json()).changed, 0)
    const { undo: act } = await review('olga', it?.id ?? '', { feedback: 'false' })
    assert.equal((await undo('gast', act)).status, 403)
    assert.equal((await send('olga', 'PUT', path, { feedback: 'maybe' })).status, 400)
    assert.equal((await send('olga', 'PUT', path, { notes: 'x'.repeat(2_001) })).status, 400)
    assert.equal((await one(it?.id ?? '')).notes, '')
  })

  it('a review comes to what was said, and to the very same when nothing was', () => {
    const state: fc.Arbitrary<ReviewState> = fc.record({
      feedback: fc.constantFrom(null, 'expected', 'threat'),
      reviewedAt: fc.constantFrom(null, 1),
      reviewedBy: fc.constantFrom(null, 'x'),
      starred: fc.boolean(),
      notes: fc.string(),
    })
    fc.assert(
      fc.property(state, (before) => {
        assert.equal(changed(before, {}, 5, 'me'), before)
        assert.equal(changed(before, { ...before }, 5, 'me'), before)
        const after = changed(before, { feedback: 'false' }, 5, 'me')
        assert.deepEqual(after, { ...before, feedback: 'false', reviewedAt: 5, reviewedBy: 'me' })
        const none = changed(after, { feedback: null }, 6, 'me')
        assert.deepEqual([none.reviewedAt, none.reviewedBy], [null, null])
      }),
    )
  })
})
