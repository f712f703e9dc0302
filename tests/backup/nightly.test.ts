// Through the real database: copies made while it is written, by a clock of the test's own.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import { createBackup, listBackups } from '../../appliance/src/backup/index.ts'
import { dailyBackups, weeklyBackups } from '../../appliance/src/backup/settings.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import type { NoticeBoard } from '../../appliance/src/core/notices.ts'
import { openDatabase, type Database, type Trx } from '../../appliance/src/db/index.ts'
import { homeTimeZone } from '../../appliance/src/settings/index.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { createFakeSettings } from '../fakes/settings.ts'

const HOUR_MS = 60 * 60_000
const root = mkdtempSync(join(tmpdir(), 'lares-backup-'))
after(() => rmSync(root, { recursive: true, force: true }))

let dataDir: string
let database: Database
let clock: FakeClock
let settings: ReturnType<typeof createFakeSettings>
let notices: Map<string, { title: string; detail: string }>
let freeBytes: number
let part: ReturnType<typeof createBackup>

beforeEach(async () => {
  dataDir = mkdtempSync(join(root, 'home-'))
  database = await openDatabase({ file: join(dataDir, 'lares.db'), log: silentLog() })
  // Half past midnight.
  clock = createFakeClock(Date.UTC(2026, 10, 3, 0, 30))
  settings = createFakeSettings()
  await settings.set(homeTimeZone, 'UTC')
  notices = new Map()
  const board: NoticeBoard = {
    raise: (notice) => void notices.set(notice.id, notice),
    clear: (id) => void notices.delete(id),
  }
  freeBytes = 10e9
  part = createBackup({
    ...{ dataDir, databaseFile: join(dataDir, 'lares.db'), settings, clock, log: silentLog(), notices: board },
    freeBytesOf: async () => freeBytes,
  })
  await part.startLate()
})
afterEach(async () => {
  await part.stop()
  await database.close()
})

const insert = (trx: Trx, id: string): Promise<unknown> =>
  trx
    .insertInto('settings')
    .values({ key: `note.${id}`, value: '1', updated_at: 1 } as never)
    .execute()
const files = (): string[] => readdirSync(join(dataDir, 'backups')).sort()

/** So many hours, each look of the loop with the time that the real disk takes. */
async function pass(hours: number): Promise<void> {
  for (let look = 0; look < hours * 6; look++) {
    await clock.advance(10 * 60_000)
    // Until it waits for its next look.
    for (let turn = 0; clock.pending().length === 0 && turn < 500; turn++) await soon(5)
  }
}

function notesIn(file: string): string[] {
  const copy = new DatabaseSync(file, { readOnly: true })
  const rows = copy.prepare(`select key from settings where key like 'note.%' order by key`).all()
  copy.close()
  return rows.map(({ key }) => String(key))
}

describe('the copy of the night', () => {
  test('is made after three, is whole, has what was committed, and nobody waits for it', async () => {
    await database.transaction((trx) => insert(trx, 'before'))
    await pass(2)
    assert.deepEqual(await listBackups(dataDir), [], 'half past two')
    let commit: () => void = () => undefined
    const writing = database.transaction(async (trx) => {
      await insert(trx, 'not-yet')
      await new Promise<void>((resolve) => (commit = resolve))
    })
    await pass(1)
    assert.equal((await listBackups(dataDir)).length, 1, 'it does not wait for who writes, nor they for it')
    commit()
    await writing
    const [only, ...others] = await listBackups(dataDir)
    assert.ok(only && others.length === 0)
    assert.deepEqual(notesIn(only.file), ['note.before'])
    assert.equal(statSync(only.file).mode & 0o777, 0o600)
    assert.equal(statSync(join(dataDir, 'backups')).mode & 0o777, 0o700)
    assert.deepEqual(files(), [only.file.split('/').at(-1)], 'nothing lies beside it')
    assert.equal(notices.size, 0)
  })

  test('of each day one, and as many as the settings say', async () => {
    await settings.set(dailyBackups, 2)
    await settings.set(weeklyBackups, 1)
    for (let day = 0; day < 5; day++) await pass(24)
    const days = (await listBackups(dataDir)).map(({ at }) => new Date(at).getUTCDate())
    // The 3rd to the 7th; what is older than two days is of the same week.
    assert.deepEqual(days, [7, 6, 5])
  })

  test('none when the disk is short: it is said with the age of the newest, and made once there is room', async () => {
    await pass(8)
    assert.equal((await listBackups(dataDir)).length, 1)
    freeBytes = 700 * 1024 * 1024
    await pass(24)
    assert.equal((await listBackups(dataDir)).length, 1, 'and the old one is not taken for room')
    assert.match(notices.get('backup.missing')?.detail ?? '', /no room.*The newest copy is 29 hours old\./)
    freeBytes = 10e9
    await pass(2)
    assert.equal((await listBackups(dataDir)).length, 2)
    assert.equal(notices.size, 0)
  })

  test('what a power cut left half is removed, and a damaged database gives no copy', async () => {
    await pass(8)
    const [whole] = await listBackups(dataDir)
    writeFileSync(join(dataDir, 'backups', 'lares-20261104T030000Z.db.tmp'), 'half')
    await database.close()
    rmSync(join(dataDir, 'lares.db'))
    writeFileSync(join(dataDir, 'lares.db'), Buffer.alloc(8_192, 7))
    await pass(24)
    assert.deepEqual(files(), [whole?.file.split('/').at(-1)])
    assert.match(notices.get('backup.missing')?.detail ?? '', /damaged.*29 hours old/)
    rmSync(join(dataDir, 'lares.db'))
    database = await openDatabase({ file: join(dataDir, 'lares.db'), log: silentLog() })
  })

  test('none when both numbers are 0, and none in the first minutes after a start', async () => {
    await settings.set(dailyBackups, 0)
    await settings.set(weeklyBackups, 0)
    await pass(30)
    assert.deepEqual(await listBackups(dataDir), [])
    await settings.set(dailyBackups, 1)
    await part.stop()
    await part.startLate()
    await clock.advance(9 * 60_000)
    await soon(50)
    // Half past six: one is due.
    assert.deepEqual(await listBackups(dataDir), [])
    await pass(1)
    assert.equal(
      (await listBackups(dataDir)).length,
      1,
      `by day, when the box is on again: ${clock.now() % (24 * HOUR_MS)}`,
    )
  })
})
