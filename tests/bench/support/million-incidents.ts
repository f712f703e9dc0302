// A database with many incidents, made by SQL in one go and put into the index by the product itself. Made once, kept in
// the temporary folder for the next run.
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { openDatabase, type Database } from '../../../appliance/src/db/index.ts'
import { migrations } from '../../../appliance/src/db/migrations/index.ts'
import { createIndexer } from '../../../appliance/src/incidents/search/indexer.ts'

export const TIME_ZONE = 'Europe/Berlin'
const STEP_MS = 95_000
const NEWEST_AT = Date.UTC(2026, 10, 28)
const ROWS_IN_ONE = 100_000
const INDEXED_AT_ONCE = 4_000
const CAMERAS = 12
/** Changed together with what is made below. */
const VERSION = 4

export const cameraId = (n: number): string => `0190c0de-0000-7000-8000-${String(n).padStart(12, '0')}`
/** The near and the far zone of a camera. */
export const zoneId = (camera: number, which: 0 | 1): string =>
  `0190c0de-1000-7000-8000-${String(camera * 2 + which).padStart(12, '0')}`
export const oldestAt = (rows: number): number => NEWEST_AT - rows * STEP_MS
export const NEWEST = NEWEST_AT

const pick = (values: readonly string[], by: string): string =>
  `case abs(${by}) % ${values.length} ${values.map((value, n) => `when ${n} then '${value}'`).join(' ')} end`
/** Numbers that look thrown, the same in every run. */
const thrown = (salt: number): string => `((i * ${2_654_435_761 + salt * 2} + ${salt} * 40503) / 1024 % 1048576)`

// A garden camera that never sees a car, a bus once in 20 000 visits.
const CLASS = `case when ${thrown(1)} % 20000 = 7 then 'bus' when i % ${CAMERAS} = 3 then ${pick(['cat', 'bird', 'person', 'cat'], thrown(2))}
  else ${pick(['person', 'person', 'person', 'person', 'person', 'car', 'car', 'truck', 'dog', 'bicycle'], thrown(2))} end`
const NAMES = [
  'Front door',
  'Drive',
  'Garage',
  'Garden',
  'Hall',
  'Terrace',
  'Street',
  'Yard',
  'Shed',
  'Gate',
  'Roof',
  'Side',
]
const NOTES = ['Parcel from the neighbour', 'Gardener', 'Chimney sweep came early', 'Left the gate open', 'Post']
const FACTORS = [
  'A person was seen.',
  'It was night.',
  'Nobody was at home.',
  'It stayed for long.',
  'Usual for this hour.',
]

const factors = `'[' || ${[1, 2, 3].map((n) => `'{"code":"f${n}","words":"' || ${pick(FACTORS, thrown(10 + n))} || '","points":' || (${thrown(n)} % 30) || '}'`).join(` || ',' || `)} || ']'`

function insertIncidents(first: number, rows: number, all: number): string {
  const reviewed = `i < ${Math.floor(all * 0.97)} and ${thrown(4)} % 10 < 8`
  return `with recursive n(i) as (select ${first} union all select i + 1 from n where i + 1 < ${first + rows})
    insert into incidents (id, camera_id, camera_name, state, opened_at, last_seen_at, closed_at, classes, snapshot, clip_state, clip,
      feedback, reviewed_at, reviewed_by, verdict, risk_score, starred, notes, place, zones)
    select printf('%08x-0000-7000-8000-%012d', i, i), printf('0190c0de-0000-7000-8000-%012d', i % ${CAMERAS}),
      ${pick(NAMES, 'i')}, 'closed', at, at + 9000, at + 39000,
      '[{"class":"' || ${CLASS} || '","count":1,"bestScore":0.83}]',
      '{"file":"incidents/0190/x-' || i || '.jpg","width":1280,"height":720,"takenAt":' || at || ',"boxes":[{"class":"person","score":0.83,"box":{"x":0.4,"y":0.4,"width":0.1,"height":0.3}}]}',
      'ready', '{"file":"incidents/0190/x-' || i || '.mp4","startsAt":' || (at - 5000) || ',"durationMs":19000}',
      case when ${reviewed} then ${pick(['expected', 'expected', 'expected', 'false', 'unsure'], thrown(5))} end,
      case when ${reviewed} then at + 600000 end, null,
      ${pick(['confirmed', 'confirmed', 'confirmed', 'uncertain', 'rejected', 'could-not-look'], thrown(6))},
      case when ${thrown(7)} % 100 < 80 then ${thrown(8)} % 30 when ${thrown(7)} % 100 < 95 then 30 + ${thrown(8)} % 30
        when ${thrown(7)} % 100 < 99 then 60 + ${thrown(8)} % 25 else 85 + ${thrown(8)} % 16 end,
      ${thrown(9)} % 100 = 1, case when ${thrown(3)} % 50 = 1 then ${pick(NOTES, thrown(9))} else '' end, at / 1000 * 64, ${ZONES}
    from (select i, ${oldestAt(all)} + i * ${STEP_MS} + ${thrown(12)} % 60000 as at from n)`
}

// Two of three went through the near zone, one of five through the far one as well.
const zone = (which: 0 | 1, name: string): string =>
  `'{"id":"' || printf('0190c0de-1000-7000-8000-%012d', i % ${CAMERAS} * 2 + ${which}) || '","name":"${name}","kind":"drive","stayedMs":4000}'`
const ZONES = `case when ${thrown(13)} % 3 = 0 then '[]' when ${thrown(14)} % 5 = 0 then '[' || ${zone(0, 'Drive')} || ',' || ${zone(1, 'Gate')} || ']'
  else '[' || ${zone(0, 'Drive')} || ']' end`

const insertAssessments = (first: number, rows: number): string =>
  `with recursive n(i) as (select ${first} union all select i + 1 from n where i + 1 < ${first + rows})
   insert into incident_assessments (incident_id, by, at, verdict, score, rules_score, rules_verdict, rules_factors, language_state)
   select printf('%08x-0000-7000-8000-%012d', i, i), 'rules', 0, 'confirmed', 10, 10, 'confirmed', ${factors}, 'off' from n`

async function make(file: string, rows: number, tell: (words: string) => void): Promise<void> {
  const database = await openDatabase({ file, log: silentLog() })
  const run = (text: string) => sql.raw(text).execute(database.writer)
  await run('pragma synchronous = off')
  for (let first = 0; first < rows; first += ROWS_IN_ONE) {
    const some = Math.min(ROWS_IN_ONE, rows - first)
    await run(insertIncidents(first, some, rows))
    await run(insertAssessments(first, some))
    tell(`${first + some} incidents`)
  }
  const indexer = createIndexer({ database, clock: systemClock, log: silentLog(), timeZone: () => TIME_ZONE })
  let indexed = 0
  for (let done = -1; done !== 0;) {
    done = await indexer.indexSome(INDEXED_AT_ONCE)
    indexed += done
    if (indexed % (INDEXED_AT_ONCE * 25) === 0) tell(`${indexed} in the index`)
  }
  await run('analyze')
  await database.close()
}

/** Opens the database with that many incidents, making it first when there is none. */
export async function openMadeIncidents(
  rows: number,
  tell: (words: string) => void,
): Promise<{ database: Database; file: string; madeInMs: number | null }> {
  const schema = migrations.length
  const file = join(tmpdir(), `lares-bench-incidents-${rows}-${VERSION}-${schema}.db`)
  let madeInMs: number | null = null
  if (!existsSync(file)) {
    const unfinished = `${file}.unfinished`
    for (const end of ['', '-wal', '-shm']) await rm(unfinished + end, { force: true })
    const startedAt = performance.now()
    await make(unfinished, rows, tell)
    await rename(unfinished, file)
    madeInMs = performance.now() - startedAt
  }
  return { database: await openDatabase({ file, log: silentLog() }), file, madeInMs }
}
