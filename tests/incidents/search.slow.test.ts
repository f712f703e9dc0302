import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { OBJECT_CLASSES } from '../../appliance/src/api/common.ts'
import { INCIDENT_FEEDBACK, type IncidentsFilter } from '../../appliance/src/api/incidents.ts'
import { VERDICTS } from '../../appliance/src/api/risk.ts'
import { RISK_BANDS } from '../../appliance/src/api/risk-bands.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase, type TestDatabase } from '../../appliance/src/db/testing.ts'
import { createIndexer, type Indexer } from '../../appliance/src/incidents/search/indexer.ts'
import { matchOf } from '../../appliance/src/incidents/search/match.ts'
import { findIncidents, isBeingPrepared } from '../../appliance/src/incidents/search/search.ts'
import { countUnreviewed } from '../../appliance/src/incidents/search/search-store.ts'
import { wordsIn } from '../../appliance/src/incidents/search/words.ts'
import type { VisibleCameras } from '../../appliance/src/incidents/types.ts'
import { createFakeClock } from '../fakes/clock.ts'
import { CAMERAS, fitsNaively, insertVisits, makeVisits, PLUGS, ZONES, seenBy, type MadeVisit } from './made-visits.ts'

let database: TestDatabase
let indexer: Indexer
let made: MadeVisit[]

before(async () => {
  database = await openTestDatabase()
  indexer = createIndexer({ database, clock: createFakeClock(), log: silentLog(), timeZone: () => 'Europe/Berlin' })
  made = makeVisits(400, 7)
  await insertVisits(database.writer, made)
})
after(() => database.close())

const some = <Value>(values: readonly Value[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(3, values.length) })
const yesOrNo = fc.constantFrom('yes' as const, 'no' as const)
const time = fc.integer({ min: 0, max: 400 * 7_000 }).map((offset) => Date.UTC(2026, 2, 28, 20) + offset)
const WORDS = [
  'front',
  'GÄR',
  'parcel',
  'person',
  'peo',
  'sunday',
  'march',
  'night',
  'loiter',
  'thr',
  'zebra',
  'lawn',
  'dog ca',
]

const everyFilter = fc.record({
  q: fc.constantFrom(...WORDS),
  camera: some(CAMERAS.map(({ id }) => id)),
  class: some(OBJECT_CLASSES),
  band: some(RISK_BANDS.map(({ band }) => band)),
  verdict: some(VERDICTS),
  feedback: some(INCIDENT_FEEDBACK),
  reviewed: yesOrNo,
  starred: yesOrNo,
  plug: some(PLUGS.map(({ id }) => id)),
  zone: some(ZONES.map(({ id }) => id)),
  from: time,
  until: time,
})
/** None to three of them: more together find next to nothing, and nothing is found equally by right and by wrong. */
const anyFilter: fc.Arbitrary<IncidentsFilter> = everyFilter.chain((every) =>
  fc
    .subarray(Object.keys(every) as (keyof IncidentsFilter)[], { maxLength: 3 })
    .map((names) => Object.fromEntries(names.map((name) => [name, every[name as keyof typeof every]]))),
)
const anyVisibility: fc.Arbitrary<VisibleCameras> = fc.option(
  fc.subarray(CAMERAS.map(({ id }) => id)).map((ids) => new Set(ids)),
)

const idsOf = (incidents: readonly { id: string }[]): string[] => incidents.map(({ id }) => id)

describe('searching', () => {
  it('J2 the plain list is whole while older incidents are still being prepared, and says that they are', async () => {
    assert.equal(await isBeingPrepared(database.reader), true)
    const all = await findIncidents(database.reader, {}, null, { before: null, limit: 1_000 })
    assert.deepEqual(idsOf(all), idsOf(seenBy(made, null)))
    const visible = new Set([CAMERAS[0]?.id ?? '', CAMERAS[2]?.id ?? ''])
    const seen = await findIncidents(database.reader, {}, visible, { before: null, limit: 1_000 })
    assert.deepEqual(idsOf(seen), idsOf(seenBy(made, visible)))
    let rounds = 0
    while ((await indexer.indexSome(100)) > 0) rounds++
    assert.equal(rounds, Math.ceil(made.length / 100))
    assert.equal(await isBeingPrepared(database.reader), false)
  })

  it('J2 any filters together find what a look at every single incident finds', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, anyVisibility, async (filter, visible) => {
        const found = await findIncidents(database.reader, filter, visible, { before: null, limit: 1_000 })
        const expected = seenBy(made, visible).filter((visit) => fitsNaively(visit, made, filter, visible))
        assert.deepEqual(idsOf(found), idsOf(expected))
      }),
      { numRuns: 250 },
    )
  })

  it('J2 pages put together are the list, each incident once, also while new ones come', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, fc.integer({ min: 1, max: 60 }), async (filter, limit) => {
        const whole = await findIncidents(database.reader, filter, null, { before: null, limit: 1_000 })
        const read: string[] = []
        for (let before: number | null = null; ;) {
          const page = await findIncidents(database.reader, filter, null, { before, limit })
          read.push(...idsOf(page))
          before = page.at(-1)?.place ?? null
          if (page.length < limit) break
        }
        assert.deepEqual(read, idsOf(whole))
      }),
      { numRuns: 40 },
    )
    const first = await findIncidents(database.reader, {}, null, { before: null, limit: 20 })
    const rest = await findIncidents(database.reader, {}, null, { before: first.at(-1)?.place ?? 0, limit: 20 })
    const later = makeVisits(5, 99).map((visit, n) => ({ ...visit, id: `new-${n}`, partOf: null }))
    const newest = Math.max(...made.map(({ openedAt }) => openedAt))
    const fresh = later.map((visit, n) => ({ ...visit, openedAt: newest + 5_000 + n }))
    await insertVisits(database.writer, fresh)
    const again = await findIncidents(database.reader, {}, null, { before: first.at(-1)?.place ?? 0, limit: 20 })
    assert.deepEqual(idsOf(again), idsOf(rest))
    await database.writer
      .deleteFrom('incidents')
      .where(
        'id',
        'in',
        fresh.map(({ id }) => id),
      )
      .execute()
  })

  it('J2 whatever somebody types is words and nothing else', async () => {
    const hostile = [
      ...[
        '"',
        "' or 1=1 --",
        'NEAR(a b)',
        'front* AND',
        '=f',
        '{text} : a',
        '^front',
        'a OR b NOT c',
        '*',
        '%',
        '_',
        '((',
      ],
      ...[
        '\u0000',
        '\uD800',
        '👻',
        'front"; drop table incidents; --',
        'ﬁsh',
        'x'.repeat(200),
        '-front',
        '+',
        '🙂 front',
      ],
    ]
    for (const q of hostile) {
      const found = await findIncidents(database.reader, { q }, null, { before: null, limit: 5 })
      assert.ok(Array.isArray(found), q)
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (q) => {
        const found = await findIncidents(database.reader, { q }, null, { before: null, limit: 5 })
        if (wordsIn(q).length === 0) assert.deepEqual(found, [])
      }),
      { numRuns: 200 },
    )
  })

  it('J2 notes cannot pretend to be a filter', async () => {
    const [visit] = seenBy(made, null)
    assert.ok(visit)
    await database.writer
      .updateTable('incidents')
      .set({ notes: '=s =kbus Björk’s' })
      .where('id', '=', visit.id)
      .execute()
    await database.transaction((trx) => indexer.index(trx, [visit.id]))
    const notes = await findIncidents(database.reader, { q: 'bjork' }, null, { before: null, limit: 5 })
    assert.deepEqual(idsOf(notes), [visit.id])
    const starred = await findIncidents(database.reader, { q: 'bjork', starred: 'yes' }, null, {
      before: null,
      limit: 5,
    })
    assert.deepEqual(idsOf(starred), visit.starred ? [visit.id] : [])
    await database.writer.updateTable('incidents').set({ notes: visit.notes }).where('id', '=', visit.id).execute()
    await database.transaction((trx) => indexer.index(trx, [visit.id]))
  })
})

describe('counting and asking', () => {
  it('J2 the unreviewed are counted as they change, for everybody what they may see', async () => {
    const count = async (visible: VisibleCameras): Promise<void> => {
      const rows = seenBy(made, visible).filter(({ reviewedAt }) => reviewedAt === null)
      assert.equal(await countUnreviewed(database.reader, visible), rows.length)
    }
    await fc.assert(fc.asyncProperty(anyVisibility, count), { numRuns: 20 })
    for (const visit of made.slice(0, 40)) {
      visit.reviewedAt = visit.reviewedAt === null ? 5 : null
      await database.writer
        .updateTable('incidents')
        .set({ reviewed_at: visit.reviewedAt })
        .where('id', '=', visit.id)
        .execute()
    }
    while ((await indexer.indexSome(100)) > 0);
    await fc.assert(fc.asyncProperty(anyVisibility, count), { numRuns: 20 })
  })

  it('asks the index nothing that cannot match', () => {
    assert.equal(matchOf({ camera: ['a'] }, [], new Set(['b'])), null)
    assert.equal(matchOf({ q: 'zebra' }, [[]], null), null)
    assert.equal(matchOf({ feedback: ['threat'], reviewed: 'no' }, [], null), null)
    assert.equal(matchOf({ class: ['dog'], starred: 'no' }, [], null), '(("=kdog")) NOT ("=p" OR "=s")')
  })
})
