import { sql, type Kysely } from 'kysely'
import type { Migration } from '../migrate.ts'

const zeroOrOne = (column: string) => sql<boolean>`${sql.ref(column)} in (0, 1)`

const run = async (db: Kysely<unknown>, statement: string): Promise<void> => void (await sql.raw(statement).execute(db))

/** Stars, notes, and a count of changes, so that of two people at once nobody overwrites the other unseen. */
async function reviewIncidents(db: Kysely<unknown>): Promise<void> {
  const change = db.schema.alterTable('incidents')
  await change
    .addColumn('starred', 'integer', (column) => column.notNull().defaultTo(0).check(zeroOrOne('starred')))
    .execute()
  await change.addColumn('notes', 'text', (column) => column.notNull().defaultTo('')).execute()
  await change.addColumn('review_count', 'integer', (column) => column.notNull().defaultTo(0)).execute()
  await db.schema
    .createTable('review_acts')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    // No reference: what somebody did stays known when they have left.
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('undone_at', 'bigint')
    .execute()
  await db.schema
    .createTable('review_changes')
    .addColumn('act_id', 'text', (column) => column.notNull().references('review_acts.id').onDelete('cascade'))
    .addColumn('incident_id', 'text', (column) => column.notNull().references('incidents.id').onDelete('cascade'))
    .addColumn('before', 'text', (column) => column.notNull())
    .addColumn('after', 'text', (column) => column.notNull())
    .addColumn('count_after', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('review_changes_once', ['act_id', 'incident_id'] as never)
    .execute()
  await db.schema.createIndex('review_changes_by_incident').on('review_changes').columns(['incident_id']).execute()
  await db.schema
    .createTable('feedback_resets')
    .addColumn('pattern', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute()
  // What was learned is read from the marks themselves, so that taking one back takes back what it taught.
  await run(
    db,
    `create index incidents_marked on incidents (camera_id, reviewed_at) where feedback is not null and part_of is null`,
  )
  await run(db, `create index incidents_with_clip on incidents (starred, opened_at, id) where clip_state = 'ready'`)
}

/** The place of an incident in the one order in which all lists go: 64 to each second, so that places fit doubles. */
const FREE_PLACE = `coalesce(
  new.place,
  (select case when max(place) % 64 < 63 then max(place) + 1 else (select max(place) + 1 from incidents) end
     from incidents where place between new.opened_at / 1000 * 64 and new.opened_at / 1000 * 64 + 63
     having max(place) is not null),
  new.opened_at / 1000 * 64)`

/** Whatever is written to an incident or what hangs on it: its words are looked at again, before the same commit or soon. */
async function watchWords(db: Kysely<unknown>): Promise<void> {
  await run(
    db,
    `create trigger incidents_parts_left before delete on incidents begin
       update incidents set part_of = null where part_of = old.id;
     end`,
  )
  // Not `insert or ignore`: within a trigger, the conflict clause of the statement outside would take its place.
  const due = (of: string): string => `insert into incident_search_due (place)
    select place from incidents where id in (${of}) and place is not null
      and not exists (select 1 from incident_search_due due where due.place = incidents.place)`
  await run(
    db,
    `create trigger incidents_placed after insert on incidents begin
       update incidents set place = ${FREE_PLACE} where id = new.id;
       ${due('new.id, new.part_of')};
     end`,
  )
  const columns = ['camera_name', 'notes', 'feedback', 'reviewed_at', 'starred', 'verdict', 'risk_score', 'part_of']
  const classes = (of: string): string =>
    `(select group_concat(json_extract(value, '$.class')) from json_each(${of}.classes))`
  await run(
    db,
    `create trigger incidents_reworded after update of ${columns.join(', ')}, classes on incidents
       when ${columns.map((column) => `new.${column} is not old.${column}`).join(' or ')}
         or (new.classes <> old.classes and ${classes('new')} is not ${classes('old')}) begin
       ${due('new.id, new.part_of, old.part_of')};
     end`,
  )
  await run(
    db,
    `create trigger incidents_forgotten after delete on incidents when old.place is not null begin
       delete from incident_search where rowid = old.place;
       delete from incident_search_due where place = old.place;
       ${due('old.part_of')};
     end`,
  )
  for (const table of ['incident_assessments', 'incident_plugs']) {
    await run(db, `create trigger ${table}_added after insert on ${table} begin ${due('new.incident_id')}; end`)
    await run(db, `create trigger ${table}_changed after update on ${table} begin ${due('new.incident_id')}; end`)
  }
}

/** What is not reviewed yet, counted as it changes: by camera, and by the camera of the visit that a part belongs to. */
async function countUnreviewed(db: Kysely<unknown>): Promise<void> {
  await run(
    db,
    `create table incident_counts (camera_id text not null, first_camera_id text not null, unreviewed integer not null,
       primary key (camera_id, first_camera_id)) without rowid`,
  )
  const firstCamera = (of: string): string =>
    `coalesce((select first.camera_id from incidents first where first.id = ${of}.part_of), '')`
  await run(
    db,
    `insert into incident_counts select incidents.camera_id, ${firstCamera('incidents')}, count(*) from incidents
       where reviewed_at is null group by 1, 2`,
  )
  const add = (of: string, sign: '' | '-'): string =>
    `insert into incident_counts values (${of}.camera_id, ${firstCamera(of)}, ${sign}1)
       on conflict do update set unreviewed = unreviewed + excluded.unreviewed`
  await run(
    db,
    `create trigger incidents_counted after insert on incidents when new.reviewed_at is null begin ${add('new', '')}; end`,
  )
  await run(
    db,
    `create trigger incidents_recounted after update of reviewed_at, part_of on incidents
       when (new.reviewed_at is null) <> (old.reviewed_at is null) or new.part_of is not old.part_of begin
       insert into incident_counts select old.camera_id, ${firstCamera('old')}, -1 where old.reviewed_at is null
         on conflict do update set unreviewed = unreviewed + excluded.unreviewed;
       insert into incident_counts select new.camera_id, ${firstCamera('new')}, 1 where new.reviewed_at is null
         on conflict do update set unreviewed = unreviewed + excluded.unreviewed;
     end`,
  )
  await run(
    db,
    `create trigger incidents_uncounted after delete on incidents when old.reviewed_at is null begin ${add('old', '-')}; end`,
  )
}

/**
 * Every incident's words, and what can be filtered by, in one inverted index: any combination is an intersection of
 * lists that are already in the right order. Only the index is kept (contentless), rows are named by their place.
 */
async function searchIncidents(db: Kysely<unknown>): Promise<void> {
  await run(db, 'alter table incidents add column place bigint')
  // Places follow each other even where more than 64 incidents share a second.
  await run(
    db,
    `update incidents set place = numbered.place from (
       select id, n + max(opened_at / 1000 * 64 - n) over (order by n) as place from (
         select id, opened_at, row_number() over (order by opened_at, id) as n from incidents)) numbered
       where numbered.id = incidents.id`,
  )
  await run(db, 'create unique index incidents_by_place on incidents (place)')
  await run(
    db,
    `create virtual table incident_search using fts5 (text, content='', contentless_delete=1, detail=none,
       tokenize="unicode61 remove_diacritics 0 tokenchars '='")`,
  )
  await run(db, 'create table incident_words (word text primary key not null) without rowid')
  await run(db, 'create table incident_search_due (place integer primary key not null)')
  await run(db, 'insert into incident_search_due select place from incidents')
}

/** Reviewing, searching and learning. The words of what is there already are gathered after the start, newest first. */
export const review: Migration = {
  name: '0006-review',
  async up(db) {
    await reviewIncidents(db)
    await searchIncidents(db)
    await watchWords(db)
    await countUnreviewed(db)
  },
}
