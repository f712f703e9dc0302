import assert from 'node:assert/strict'
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { silentLog } from '../../appliance/src/core/log.ts'
import { checkDatabase, openDatabase, type Database } from '../../appliance/src/db/index.ts'

const folders: string[] = []
let file = ''
let mediaDir = ''

const incident = {
  ...{
    camera_id: 'c',
    camera_name: 'Door',
    state: 'closed',
    opened_at: 1,
    last_seen_at: 1,
    closed_at: 1,
    classes: '[]',
  },
  ...{ clip_state: 'ready', feedback: null, reviewed_at: null, reviewed_by: null },
}

async function change(work: (database: Database) => Promise<unknown>): Promise<void> {
  const database = await openDatabase({ file, log: silentLog() })
  await work(database)
  await database.close()
}

const found = async (): Promise<string[]> =>
  (await checkDatabase({ file, mediaDir })).map(({ kind, words }) => `${kind}: ${words}`)

describe('lares check', () => {
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lares-check-'))
    folders.push(folder)
    file = join(folder, 'lares.db')
    mediaDir = join(folder, 'media')
    await mkdir(join(mediaDir, 'incidents'), { recursive: true })
    await mkdir(join(mediaDir, 'buffer', 'c'), { recursive: true })
    await change(async () => undefined)
  })
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

  test('finds nothing in a whole home', async () => {
    await writeFile(join(mediaDir, 'incidents', 'a.jpg'), 'x')
    await writeFile(join(mediaDir, 'buffer', 'c', '1.ts'), 'x')
    const clip = JSON.stringify({ reason: 'nothing recorded' })
    await change(({ writer }) =>
      writer
        .insertInto('incidents')
        .values({ ...incident, id: 'a', snapshot: '{"file":"incidents/a.jpg"}', clip })
        .execute(),
    )
    assert.deepEqual(await found(), [])
  })

  test('reports files that are missing and files that belong to nothing', async () => {
    await writeFile(join(mediaDir, 'incidents', 'lost.mp4'), 'x')
    await change(({ writer }) =>
      writer
        .insertInto('incidents')
        .values({ ...incident, id: 'a', snapshot: '{"file":"incidents/a.jpg"}', clip: '{"file":"incidents/a.mp4"}' })
        .execute(),
    )
    assert.deepEqual((await found()).sort(), [
      'missing-file: incidents/a.jpg, the snapshot of incidents a, is missing.',
      'missing-file: incidents/a.mp4, the clip of incidents a, is missing.',
      'orphan-file: incidents/lost.mp4 belongs to nothing.',
    ])
  })

  test('reports a changed schema, in both directions', async () => {
    await change(({ writer }) => sql`drop index outbox_due`.execute(writer))
    await change(({ writer }) => sql`create table stranger (id text)`.execute(writer))
    await change(({ writer }) => sql`alter table plugs add column colour text`.execute(writer))
    const words = await found()
    assert.ok(
      words.some((line) => line === 'schema: The index outbox_due is missing.'),
      words.join('\n'),
    )
    assert.ok(words.some((line) => line === 'schema: The table stranger is not known to this version.'))
    assert.ok(words.some((line) => line.startsWith('schema: The table plugs is not as this version makes it')))
    assert.equal(words.length, 3)
  })

  test('reports rows that belong to nothing', async () => {
    await change(async ({ writer }) => {
      await sql`pragma foreign_keys = off`.execute(writer)
      await sql`insert into incident_tracks values ('t', 'nobody', 'person', 1, 1, 900, '[]', '[]')`.execute(writer)
    })
    assert.deepEqual(await found(), [
      'reference: Row 1 of incident_tracks belongs to a row of incidents that does not exist.',
    ])
  })

  test('reports torn pages and changes nothing', async () => {
    await change(async ({ writer }) => {
      for (let index = 0; index < 300; index++)
        await writer
          .insertInto('settings')
          .values({ key: `k${index}`, value: 'x'.repeat(300), updated_at: index })
          .execute()
    })
    const size = (await stat(file)).size
    const handle = await open(file, 'r+')
    await handle.write(Buffer.alloc(6_000, 0xaa), 0, 6_000, size - 40_000)
    await handle.close()
    const before = await readFile(file)
    const words = await found()
    assert.ok(
      words.length > 0 && words.every((line) => /^(damaged|unreadable): The database file/.test(line)),
      words.join('\n'),
    )
    assert.ok((await readFile(file)).equals(before))
  })

  test('says so, once, when the file is no database at all', async () => {
    await writeFile(file, 'no database')
    const words = await found()
    assert.equal(words.length, 1, words.join('\n'))
    assert.match(words[0] ?? '', /^unreadable: /)
  })
})
