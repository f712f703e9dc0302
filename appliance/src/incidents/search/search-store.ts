import { sql } from 'kysely'
import type { ObjectClass } from '../../api/common.ts'
import type { IncidentFeedback } from '../../api/incidents.ts'
import type { Verdict } from '../../api/risk.ts'
import type { Db } from '../../db/index.ts'
import { fromRow, selectIncidents, type StoredIncident } from '../store.ts'
import type { VisibleCameras } from '../types.ts'
import type { Findable, SearchDocument } from './document.ts'

// The port: FTS5 here. On Postgres the same questions go to a tsvector column (dictionary `simple`) with a GIN index;
// marks and words are its lexemes, AND, OR and NOT are &, | and !, and `place` orders as here.

const ROWS_AT_ONCE = 200

function chunksOf<Item>(items: readonly Item[]): Item[][] {
  const chunks: Item[][] = []
  for (let from = 0; from < items.length; from += ROWS_AT_ONCE) chunks.push(items.slice(from, from + ROWS_AT_ONCE))
  return chunks
}

/** Places whose words have changed, newest first. */
export async function listDue(db: Db, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('incident_search_due')
    .select('place')
    .orderBy('place', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ place }) => place)
}

/** Those of these incidents and of the visits that they carry on. */
export async function listDueOf(db: Db, ids: readonly string[]): Promise<number[]> {
  const own = db.selectFrom('incidents').select('id').where('id', 'in', ids)
  const firsts = db.selectFrom('incidents').select('part_of as id').where('id', 'in', ids)
  // Cross join: from the few incidents to what is due, of which an update may have left a million.
  const rows = await db
    .selectFrom('incidents')
    .crossJoin('incident_search_due as due')
    .select('due.place')
    .whereRef('due.place', '=', 'incidents.place')
    .where('incidents.id', 'in', own.union(firsts as never) as never)
    .execute()
  return rows.map(({ place }) => place)
}

/** More than what a moment brings: an update has left older ones to be prepared. */
export async function isPreparing(db: Db, moreThan: number): Promise<boolean> {
  const row = await db.selectFrom('incident_search_due').select('place').offset(moreThan).limit(1).executeTakeFirst()
  return row !== undefined
}

const classesIn = (json: string): ObjectClass[] => (JSON.parse(json) as { class: ObjectClass }[]).map((it) => it.class)

function sentencesIn(factors: string, language: string | null): string[] {
  const words = (JSON.parse(factors) as { words?: string }[]).flatMap((factor) => factor.words ?? [])
  const summary = language === null ? null : (JSON.parse(language) as { summary?: string | null }).summary
  return summary == null ? words : [...words, summary]
}

/** What these can be found by now. */
export async function readFindables(db: Db, places: readonly number[]): Promise<Findable[]> {
  const found: Findable[] = []
  for (const some of chunksOf(places)) found.push(...(await readSome(db, some)))
  return found
}

async function readSome(db: Db, places: readonly number[]): Promise<Findable[]> {
  const rows = await db
    .selectFrom('incidents')
    .leftJoin('incident_assessments as judged', 'judged.incident_id', 'incidents.id')
    .leftJoin('incidents as first', 'first.id', 'incidents.part_of')
    .selectAll('incidents')
    .select(['judged.rules_factors', 'judged.language', 'first.camera_id as first_camera_id'])
    .where('incidents.place', 'in', places)
    .execute()
  const ids = rows.map(({ id }) => id)
  const [parts, plugs] = [await readParts(db, ids), await readSwitched(db, ids)]
  return rows.map((row) => ({
    ...{ place: row.place ?? 0, camera: { id: row.camera_id, name: row.camera_name }, openedAt: row.opened_at },
    ...{ classes: classesIn(row.classes), feedback: row.feedback as IncidentFeedback | null, notes: row.notes },
    ...{ reviewed: row.reviewed_at !== null, starred: row.starred === 1 },
    ...{ verdict: row.verdict as Verdict, riskScore: row.risk_score, partOfCamera: row.first_camera_id },
    assessment: row.rules_factors === null ? [] : sentencesIn(row.rules_factors, row.language),
    zones: JSON.parse(row.zones) as Findable['zones'],
    ...{ parts: parts.get(row.id) ?? [], plugs: plugs.get(row.id) ?? [] },
  }))
}

async function readParts(db: Db, ids: readonly string[]): Promise<Map<string, Findable['parts'][number][]>> {
  const rows = await db
    .selectFrom('incidents')
    .select(['part_of', 'camera_id', 'classes', 'zones'])
    .where('part_of', 'in', ids)
    .execute()
  const found = rows.map((row) => ({
    ...{ of: row.part_of, cameraId: row.camera_id, classes: classesIn(row.classes) },
    zones: JSON.parse(row.zones) as Findable['zones'],
  }))
  return Map.groupBy(found, ({ of }) => of ?? '')
}

/** Plugs of which more than the state at the beginning is kept. */
async function readSwitched(db: Db, ids: readonly string[]): Promise<Map<string, { id: string; name: string }[]>> {
  const rows = await db
    .selectFrom('incident_plugs')
    .select(['incident_id as of', 'plug_id as id'])
    .select((eb) => eb.fn.max('name').as('name'))
    .where('incident_id', 'in', ids)
    .groupBy(['incident_id', 'plug_id'])
    .having((eb) => eb.fn.countAll(), '>', 1)
    .execute()
  return Map.groupBy(rows, ({ of }) => of)
}

/** Puts documents in the place of what was known of them; they are due no more. */
export async function writeDocuments(db: Db, documents: readonly SearchDocument[]): Promise<void> {
  for (const some of chunksOf(documents)) {
    const places = some.map(({ place }) => place)
    await db.deleteFrom('incident_search').where('rowid', 'in', places).execute()
    const rows = some.map(({ place, text }) => ({ rowid: place, text }))
    await db.insertInto('incident_search').values(rows).execute()
    await db.deleteFrom('incident_search_due').where('place', 'in', places).execute()
  }
}

export async function rememberWords(db: Db, words: readonly string[]): Promise<void> {
  for (const some of chunksOf(words))
    await db
      .insertInto('incident_words')
      .values(some.map((word) => ({ word })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

/** Words of the index that begin so, in the order of the alphabet. */
export async function wordsBeginning(db: Db, beginning: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('incident_words')
    .select('word')
    .where('word', '>=', beginning)
    .where('word', '<', `${beginning}\u{10FFFF}`)
    .orderBy('word')
    .limit(limit)
    .execute()
  return rows.map(({ word }) => word)
}

/** A piece of the list, newest first: only older than `before`, begun within [from, until). */
export interface Piece {
  limit: number
  before: number | null
  from?: number | undefined
  until?: number | undefined
}

const PLACES_A_SECOND = 64
const secondOf = (at: number): number => Math.floor(at / 1_000)
/** Everything begun in that second or later has this place or a later one; all in it or earlier have one below the end. */
const placesFrom = (at: number): number => secondOf(at) * PLACES_A_SECOND
/** Places run over their second only where more than 64 begin in it; a minute more is enough for that. */
const placesUntil = (at: number): number => (secondOf(at) + 61) * PLACES_A_SECOND

function boundsOf({ before, from, until }: Piece): { least: number; most: number } {
  const end = until === undefined ? Number.MAX_SAFE_INTEGER : placesUntil(until)
  return { least: from === undefined ? 0 : placesFrom(from), most: Math.min(end, before ?? Number.MAX_SAFE_INTEGER) }
}

/** What the index has for this question. */
export async function listMatching(
  db: Db,
  match: string,
  visible: VisibleCameras,
  piece: Piece,
): Promise<StoredIncident[]> {
  const { least, most } = boundsOf(piece)
  // Cross join: the index gives places in order, and as many rows are read as are shown.
  let rows = selectIncidents(db.selectFrom('incident_search').crossJoin('incidents') as never)
    .where(sql<boolean>`incidents.place = incident_search.rowid`)
    .where(sql<boolean>`incident_search match ${match}`)
    .where(sql<boolean>`incident_search.rowid >= ${least} and incident_search.rowid < ${most}`)
  // A visit has the marks of its later parts, too: where it began decides who may see it.
  if (visible !== null) rows = rows.where('incidents.camera_id', 'in', [...visible])
  if (piece.from !== undefined) rows = rows.where('incidents.opened_at', '>=', piece.from)
  if (piece.until !== undefined) rows = rows.where('incidents.opened_at', '<', piece.until)
  const found = await rows
    .orderBy(sql`incident_search.rowid`, 'desc')
    .limit(piece.limit)
    .execute()
  return found.map(fromRow)
}

/** Without the index: all that began a visit, or for whoever sees only some cameras what began one for them. */
export async function listAll(db: Db, visible: VisibleCameras, piece: Piece): Promise<StoredIncident[]> {
  const { least, most } = boundsOf(piece)
  let rows = selectIncidents(db.selectFrom('incidents')).where('incidents.place', '>=', least)
  rows = rows.where('incidents.place', '<', most)
  // The plus keeps to the index of places, which gives them in order: any other would have to be sorted.
  if (piece.from !== undefined) rows = rows.where(sql<boolean>`+incidents.opened_at >= ${piece.from}`)
  if (piece.until !== undefined) rows = rows.where(sql<boolean>`+incidents.opened_at < ${piece.until}`)
  if (visible === null) rows = rows.where(sql<boolean>`+incidents.part_of is null`)
  else {
    const seen = [...visible]
    rows = rows.where('incidents.camera_id', 'in', seen).where((eb) => {
      const begun = eb.selectFrom('incidents as first').select('first.id').where('first.camera_id', 'in', seen)
      const carriedOn = eb.exists(begun.whereRef('first.id', '=', 'incidents.part_of'))
      return eb.or([eb('incidents.part_of', 'is', null), eb.not(carriedOn)])
    })
  }
  const found = await rows.orderBy('incidents.place', 'desc').limit(piece.limit).execute()
  return found.map(fromRow)
}

/** How many match in each quarter of an hour that has any. */
export async function countByQuarter(
  db: Db,
  match: string,
  visible: VisibleCameras,
  { from, until }: { from: number; until: number },
): Promise<{ at: number; count: number }[]> {
  const quarter = 900 * PLACES_A_SECOND
  const began =
    visible === null
      ? sql`1`
      : sql`exists (select 1 from incidents where incidents.place = incident_search.rowid
          and incidents.camera_id in (${sql.join([...visible])}))`
  const { rows } = await sql<{ quarter: number; count: number }>`
    select rowid / ${sql.lit(quarter)} as quarter, count(*) as count from incident_search
    where incident_search match ${match} and rowid >= ${placesFrom(from)} and rowid < ${placesFrom(until)}
      and ${began}
    group by 1`.execute(db)
  return rows.map((row) => ({ at: row.quarter * 900_000, count: row.count }))
}

/** What waits for somebody to look at it, of all or of those cameras. */
export async function countUnreviewed(db: Db, visible: VisibleCameras): Promise<number> {
  const rows = await db.selectFrom('incident_counts').selectAll().execute()
  return rows
    .filter(({ camera_id: camera, first_camera_id: first }) =>
      visible === null ? first === '' : visible.has(camera) && !visible.has(first),
    )
    .reduce((sum, { unreviewed }) => sum + unreviewed, 0)
}
