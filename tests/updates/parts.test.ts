import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import { chooseUpdate } from '../../appliance/src/updates/feed.ts'
import { isNight, nextNight } from '../../appliance/src/updates/night.ts'
import { dropLeftBehind, leftBehind, leftByFile } from '../../appliance/src/updates/left-behind.ts'
import { lacks } from '../../appliance/src/updates/proof.ts'
import { bundleName } from '../../appliance/src/updates/receive.ts'
import { EMPTY_RECORD, readRecord, recordFileIn, writeRecord } from '../../appliance/src/updates/record.ts'
import { restoreDatabase } from '../../appliance/src/db/index.ts'
import { lostWords } from '../../appliance/src/updates/settle.ts'
import { compareVersions } from '../../appliance/src/updates/version-order.ts'
import { wayOf } from '../../appliance/src/updates/way.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-updates-'))
after(() => rmSync(folder, { recursive: true, force: true }))

describe('versions', () => {
  const ORDER = [
    '0.9.0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0',
    '1.0.1',
    '1.2.0',
    '1.10.0',
  ]
  test('stand in the order of Semantic Versioning', () => {
    for (const [index, version] of ORDER.entries())
      for (const [other, against] of ORDER.entries())
        assert.equal(
          Math.sign(compareVersions(version, against) ?? NaN),
          Math.sign(index - other),
          `${version} ${against}`,
        )
  })
  test('build words do not count, and what is no version is not compared', () => {
    assert.equal(compareVersions('v1.0', '1.0.0+deb13'), 0)
    for (const text of ['', 'latest', '1..2', '1.0.0; reboot']) assert.equal(compareVersions(text, '1.0.0'), null)
  })
})

describe('the proof of a new system', () => {
  const before = {
    liveCameras: [
      { id: 'a', name: 'Door' },
      { id: 'b', name: 'Yard' },
    ],
    detectorMs: 40,
  }
  const all = new Set(['a', 'b'])
  test('is given when cameras are back and the detector is at most a quarter slower', () => {
    assert.deepEqual(lacks(before, { ...before, detectorMs: 50 }, all), [])
    assert.deepEqual(lacks(before, { ...before, detectorMs: 51 }, all), [
      'the detector takes 51 ms for a picture instead of 40',
    ])
  })
  test('asks only for cameras that were seen before and are still in the list', () => {
    const now = { liveCameras: [{ id: 'c', name: 'New' }], detectorMs: 40 }
    assert.deepEqual(lacks(before, now, new Set(['b', 'c'])), ['Yard sends no pictures'])
  })
  test('a detector that does not look at all is worse; one that never looked is no loss', () => {
    assert.deepEqual(lacks(before, { ...before, detectorMs: null }, all), ['the detector does not look'])
    assert.deepEqual(lacks({ ...before, detectorMs: null }, { ...before, detectorMs: null }, all), [])
  })
})

describe('the record of an update', () => {
  test('is read back as written; an older version reads what a newer one added', async () => {
    mkdirSync(join(folder, 'home/updates'), { recursive: true })
    const home = join(folder, 'home')
    const trial = {
      ...{ from: { version: '1.0.0', slot: 'A' as const }, to: '2.0.0', bootId: 'x', startedAt: 5, verdict: null },
      ...{ fitness: { liveCameras: [], detectorMs: null }, backup: { file: 'before-update.db', takenAt: 4 } },
    }
    await writeRecord(home, { ...EMPTY_RECORD, phase: 'proving', trial })
    const text = readFileSync(recordFileIn(home), 'utf8')
    const newer = { ...(JSON.parse(text) as object), phase: 'weighing', bundle: { shape: 'unknown' }, moons: 3 }
    writeFileSync(recordFileIn(home), JSON.stringify(newer))
    const { phase, trial: known, bundle } = await readRecord(home)
    assert.deepEqual({ phase, known, bundle }, { phase: 'proving', known: trial, bundle: null })
    writeFileSync(recordFileIn(home), text.slice(0, 20))
    assert.deepEqual(await readRecord(home), EMPTY_RECORD)
  })
})

describe('the database of before', () => {
  const at = (name: string): string => join(folder, 'restore', name)
  const [database, backup, leftBy] = [at('lares.db'), at('updates/before.db'), at('updates/left.db')]
  beforeEach(() => {
    rmSync(at(''), { recursive: true, force: true })
    mkdirSync(at('updates'), { recursive: true })
    writeFileSync(database, 'new')
    writeFileSync(`${database}-wal`, 'newest')
    writeFileSync(backup, 'old')
  })
  const check = (): void => {
    assert.equal(readFileSync(database, 'utf8'), 'old')
    assert.equal(existsSync(`${database}-wal`), false, 'writes of the new system would be applied to the old database')
    assert.equal(readFileSync(leftBy, 'utf8'), 'new')
    assert.equal(readFileSync(`${leftBy}-wal`, 'utf8'), 'newest')
    assert.equal(readFileSync(backup, 'utf8'), 'old')
  }
  test('comes back whole, and twice is the same as once', async () => {
    await restoreDatabase(database, backup, leftBy)
    check()
    await restoreDatabase(database, backup, leftBy)
    check()
  })
  // Each as a power cut between two steps would leave it.
  const CUTS: Record<string, () => void> = {
    'the WAL was moved, the file not': () => undefined,
    'both were moved, nothing is back': () => rmSync(database),
    'the copy is half': () => (rmSync(database), writeFileSync(`${database}.restoring`, 'o')),
    'the copy is back': () => writeFileSync(database, 'old'),
  }
  for (const [words, cut] of Object.entries(CUTS))
    test(`a power cut when ${words}: the next start ends it`, async () => {
      writeFileSync(`${leftBy}-wal`, 'newest')
      if (!words.startsWith('the WAL')) writeFileSync(leftBy, 'new')
      rmSync(`${database}-wal`, { force: true })
      cut()
      await restoreDatabase(database, backup, leftBy)
      check()
    })
  test('without its copy nothing is touched', async () => {
    rmSync(backup)
    await assert.rejects(restoreDatabase(database, backup, leftBy), { code: 'BACKUP_MISSING' })
    assert.equal(readFileSync(database, 'utf8'), 'new')
    assert.equal(existsSync(leftBy), false)
  })
  test('what is lost is said in words', () => {
    assert.match(lostWords({ incidents: 1, entries: 2 }, 'x.db'), /1 incident and 2 entries of the record/)
    assert.match(lostWords({ incidents: 0, entries: 0 }, 'x.db'), /Nothing was recorded/)
    assert.match(lostWords(null, 'x.db'), /What was changed while it ran is not here/)
  })
})

describe('what failed systems left', () => {
  const trialOf = (to: string, takenAt: number) => ({ to, backup: { file: 'before-update.db', takenAt } })
  test('has a name of its own for each trial, and the same one for the same trial', () => {
    const at = Date.UTC(2026, 10, 29, 3, 0, 5, 7)
    assert.equal(leftByFile(trialOf('0.4.0', at)), 'left-by-0.4.0-20261129T030005007.db')
    assert.equal(leftByFile(trialOf('0.4.0', at)), leftByFile(trialOf('0.4.0', at)))
    assert.notEqual(leftByFile(trialOf('0.4.0', at)), leftByFile(trialOf('0.4.0', at + 1)))
    assert.equal(leftByFile(trialOf('../../0.4', at)), 'left-by-.._.._0.4-20261129T030005007.db')
  })
  test('is found newest first, with what SQLite keeps beside it, and nothing else is', () => {
    const [older, newer] = [leftByFile(trialOf('0.5.0-rc.1', 1e12)), leftByFile(trialOf('0.4.0', 2e12))]
    const names = ['left-by-0.3.0.db', `${older}-wal`, 'before-update.db', older, 'update.json', `${older}-shm`, newer]
    assert.deepEqual(leftBehind(names), [[newer], [older, `${older}-shm`, `${older}-wal`], ['left-by-0.3.0.db']])
    assert.deepEqual(leftBehind(['update.json', 'left-by-mistake.txt']), [])
  })
  const FREE: [string, number, number[]][] = [
    ['with room for all', 0, [2, 3]],
    ['with room once two more are gone', 2, [3]],
    ['with no room at all', Infinity, [3]],
  ]
  for (const [words, missing, stay] of FREE)
    test(`is bounded, ${words}: the newest always stays`, async () => {
      const place = mkdtempSync(join(folder, 'left-'))
      const files = [0, 1, 2, 3].map((day) => leftByFile(trialOf('0.4.0', day * 86_400_000)))
      for (const name of [...files, `${files[0]}-wal`, 'before-update.db']) writeFileSync(join(place, name), name)
      const isLeft = (name: string): boolean => existsSync(join(place, name))
      const removed = await dropLeftBehind(place, async () => 4 - files.filter(isLeft).length > missing)
      assert.deepEqual(
        files.filter(isLeft),
        stay.map((day) => files[day]),
      )
      assert.deepEqual(removed.length, 1 + 4 - stay.length, 'with the WAL file of the oldest')
      assert.equal(isLeft(`${files[0]}-wal`), false)
      assert.ok(isLeft('before-update.db'))
    })
})

describe('the list of new versions', () => {
  const sha256 = 'a'.repeat(64)
  const entry = (version: string, compatible = 'lares-rpi-arm64') => ({
    version,
    compatible,
    sha256,
    url: `${version}.raucb`,
  })
  const about = {
    address: 'https://updates.example.org/lares/list.json',
    compatible: 'lares-rpi-arm64',
    running: '1.0.0',
  }
  test('offers the newest for this box, and nothing that is not newer', () => {
    const updates = [entry('1.2.0'), entry('1.10.0'), entry('9.0.0', 'other'), entry('1.0.0')]
    const found = chooseUpdate(JSON.stringify({ updates }), about)
    assert.equal(found?.url, 'https://updates.example.org/lares/1.10.0.raucb')
    assert.equal(chooseUpdate(JSON.stringify({ updates: [entry('1.0.0'), entry('latest')] }), about), null)
  })
  for (const text of ['', '[]', '{"updates":[{"version":"2.0.0"}]}', '<html>'])
    test(`a broken one is said to be: ${text}`, () =>
      assert.throws(() => chooseUpdate(text, about), { code: 'BAD_REPLY' }))
})

test('the night is at three by the clock of the home', () => {
  const evening = Date.UTC(2026, 10, 29, 20)
  assert.equal(nextNight(evening, 'Europe/Berlin'), Date.UTC(2026, 10, 30, 2))
  assert.equal(isNight(Date.UTC(2026, 10, 30, 2, 30), 'Europe/Berlin'), true)
  assert.equal(isNight(Date.UTC(2026, 10, 30, 3, 0), 'Europe/Berlin'), false)
})

test('a file may be called anything; its place is ours', () => {
  for (const [given, kept] of [
    ['lares-0.3.0.raucb', 'lares-0.3.0.raucb'],
    ['../../etc/passwd', 'passwd.raucb'],
    ['Ünser Update (1).RAUCB', 'nser_Update__1_.raucb'],
    ['...', 'update.raucb'],
    ['-rf.raucb', 'rf.raucb'],
  ] as const)
    assert.equal(bundleName(given), kept)
})

test('how updates come depends on where Lares runs', () => {
  const facts = { kind: 'package', imageVersion: null, slot: null, inMemoryOnly: false, features: [] } as const
  const nowhere = (): boolean => false
  assert.equal(wayOf({ ...facts, features: ['updates'] }, '/x', nowhere), 'bundle')
  assert.equal(wayOf({ ...facts, features: [] }, '/x', nowhere), 'package')
  assert.equal(wayOf(null, '/usr/lib/lares/appliance/src/updates/way.js', nowhere), 'package')
  assert.equal(
    wayOf(null, '/x', (path) => path === '/.dockerenv'),
    'container',
  )
  assert.equal(wayOf(null, '/home/ada/lares/way.ts', nowhere), 'source')
  const onTheImage = (path: string): boolean => path === '/usr/share/lares/image-version'
  assert.equal(wayOf(null, '/usr/lib/lares/way.js', onTheImage), 'bundle', 'before the agent was asked')
  assert.equal(
    wayOf({ ...facts, features: [] }, '/usr/lib/lares/way.js', onTheImage),
    'package',
    'the agent knows better',
  )
})
