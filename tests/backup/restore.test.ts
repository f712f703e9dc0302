// By the commands, on a real data folder.
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, beforeEach, describe, test } from 'node:test'
import { listBackups } from '../../appliance/src/backup/index.ts'
import { examineBackups } from '../../appliance/src/cli/doctor/storage.ts'
import { runCli } from '../../appliance/src/cli/run.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openHome, type OpenHome } from '../../appliance/src/open-home.ts'
import { homeName } from '../../appliance/src/settings/index.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'

const root = mkdtempSync(join(tmpdir(), 'lares-restore-'))
after(() => rmSync(root, { recursive: true, force: true }))

let dataDir: string
let clock: FakeClock
const at = (...names: string[]): string => join(dataDir, ...names)

beforeEach(() => {
  dataDir = mkdtempSync(join(root, 'home-'))
  clock = createFakeClock()
})

async function withHome<T>(work: (home: OpenHome) => Promise<T>): Promise<T> {
  const home = await openHome({ dataDir, clock, log: silentLog() })
  try {
    return await work(home)
  } finally {
    await home.close()
  }
}

const call = (name: string): Promise<void> => withHome(({ settings }) => settings.set(homeName, name))
const called = (): Promise<string> => withHome(async ({ settings }) => settings.get(homeName))

async function lares(...argv: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = []
  const tell = (text: string): void => void said.push(text)
  const code = await runCli({ argv: [...argv, '--data', dataDir], env: {}, clock, print: tell, complain: tell })
  return { code, said: said.join('\n') }
}

async function backup(): Promise<string> {
  await clock.advance(1_000)
  const { code, said } = await lares('backup')
  assert.equal(code, 0, said)
  return (await listBackups(dataDir))[0]?.file ?? assert.fail('made none')
}

const restore = async (which: string): Promise<{ code: number; said: string }> => {
  await clock.advance(1_000)
  return lares('restore', which)
}
const replaced = (): string[] =>
  readdirSync(at('backups'))
    .filter((name) => name.startsWith('replaced-'))
    .sort()

describe('a backup', () => {
  test('is made beside whoever writes, comes back, and what was there is kept and can come back too', async () => {
    await call('Before')
    const file = await withHome(async ({ settings }) => {
      const made = await backup()
      await settings.set(homeName, 'After')
      return made
    })
    const { code, said } = await restore('newest')
    assert.equal(code, 0, said)
    assert.match(said, /is that of .*\/backups\/lares-.*\.db now\. What was there is kept as .*replaced-.*\.db/)
    assert.equal(await called(), 'Before')
    const record = await withHome(({ database }) =>
      database.reader.selectFrom('audit').select(['type', 'details']).execute(),
    )
    assert.deepEqual(
      record
        .filter(({ type }) => type === 'backup_restored')
        .map(({ details }) => JSON.parse(details as string) as unknown),
      [{ from: file.split('/').at(-1) }],
    )
    const [kept] = replaced()
    assert.equal((await restore(kept ?? '')).code, 0)
    assert.equal(await called(), 'After')
  })

  test('that is damaged, of a newer Lares or not there changes nothing, nor while Lares runs', async () => {
    await call('Home')
    const file = await backup()
    const [before, copies] = [readFileSync(at('lares.db')), readdirSync(at('backups'))]
    const newer = at('newer.db')
    copyFileSync(file, newer)
    const database = new DatabaseSync(newer)
    database.exec(`insert into schema_migrations (name, applied_at) values ('9999-newer', 1)`)
    database.close()
    const bytes = readFileSync(file)
    writeFileSync(at('torn.db'), bytes.subarray(0, bytes.length / 2))
    writeFileSync(at('noise.db'), Buffer.alloc(8_192, 7))
    writeFileSync(at('flipped.db'), bytes.fill(0xff, 4_096, 40_960))
    for (const [which, words] of [
      [newer, /newer version/],
      [at('torn.db'), /damaged/],
      [at('noise.db'), /damaged/],
      [at('flipped.db'), /damaged/],
      ['lares-20200101T000000Z.db', /There is no backup/],
    ] as const) {
      const { code, said } = await restore(which)
      assert.equal(code, 1, which)
      assert.match(said, words)
    }
    await withHome(async () => assert.match((await restore('newest')).said, /already running/))
    assert.deepEqual(readFileSync(at('lares.db')), before)
    assert.deepEqual(readdirSync(at('backups')), copies)
    dataDir = mkdtempSync(join(root, 'no-home-'))
    assert.match((await restore(file)).said, /There is no home/)
    assert.deepEqual(readdirSync(dataDir), [])
  })

  test('comes back after a power cut in the middle, and nothing of what was there is lost', async () => {
    await call('Before')
    await backup()
    await call('After')
    // Cut off when the newest writes were put aside and their database was not.
    writeFileSync(at('backups', 'replaced-20260101T000000Z.db-wal'), '')
    assert.equal((await restore('newest')).code, 0)
    assert.deepEqual(
      replaced().filter((name) => name.endsWith('.db')),
      ['replaced-20260101T000000Z.db'],
    )
    assert.equal(await called(), 'Before')
    // Cut off when the database was put aside and nothing was in its place.
    renameSync(at('lares.db'), at('backups', 'replaced-20260101T000001Z.db'))
    writeFileSync(at('lares.db.restoring'), 'half')
    assert.equal((await restore('newest')).code, 0)
    assert.equal(await called(), 'Before')
    assert.ok(replaced().includes('replaced-20260101T000001Z.db'))
  })

  test('leaves the newest three of what it replaced', async () => {
    await call('Home')
    await backup()
    const first = (await restore('newest'), replaced()[0])
    for (let time = 0; time < 3; time++) await restore('newest')
    assert.equal(replaced().length, 3)
    assert.equal(replaced().includes(first ?? ''), false)
  })
})

test('the doctor says how old the newest is, and when there is none or it is switched off', () => {
  const now = Date.UTC(2026, 10, 29, 12)
  const made = (hoursAgo: number) => ({ file: 'x', at: now - hoursAgo * 3_600_000, sizeBytes: 1 })
  const on = { daily: 7, weekly: 4 }
  for (const [backups, kept, state, words] of [
    [[made(9), made(33)], on, 'good', '2, the newest 9 hours old.'],
    [[made(72)], on, 'warning', '1, the newest 3 days old.'],
    [[], on, 'warning', 'There is none. Lares makes one each night after three.'],
    [
      [made(9)],
      { daily: 0, weekly: 0 },
      'warning',
      '1, the newest 9 hours old. None is made by itself: it is switched off.',
    ],
  ] as const) {
    const found = examineBackups(backups, kept, now)
    assert.deepEqual([found.state, found.words], [state, words])
  }
})
