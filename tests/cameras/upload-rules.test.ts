import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { inWorkingOrder } from '../../appliance/src/cameras/uploads/backlog.ts'
import { outlived, removeUpload } from '../../appliance/src/cameras/uploads/clean-up.ts'
import { createDuplicates } from '../../appliance/src/cameras/uploads/duplicates.ts'
import { cameraNameOf, isFolderName, isPlainName, isWhatItSays } from '../../appliance/src/cameras/uploads/names.ts'
import { Settling } from '../../appliance/src/cameras/uploads/settling.ts'
import { passiveRange, uploadFolder } from '../../appliance/src/cameras/uploads/settings.ts'
import { CameraClock, stampOf } from '../../appliance/src/cameras/uploads/taken-at.ts'
import type { WalkedFile } from '../../appliance/src/cameras/uploads/walk.ts'
import { outdated, readSegments, segmentsBetween } from '../../appliance/src/recording/segments.ts'
import { createFakeClock } from '../fakes/clock.ts'

describe('when a picture was taken', () => {
  const names: [name: string, at: string | null][] = [
    ['MDAlarm_20261128-101500.jpg', '2026-11-28T10:15:00Z'],
    ['Front_00_20261128101500.mp4', '2026-11-28T10:15:00Z'],
    ['192.168.1.9_01_20261128101500345_MOTION.jpg', '2026-11-28T10:15:00Z'],
    ['2026-11-28T10-15-00.jpg', '2026-11-28T10:15:00Z'],
    ['2026_11_28 10.15.00.png', '2026-11-28T10:15:00Z'],
    ['picture.jpg', null],
    ['20261399-996199.jpg', null],
    ['120261128101500.jpg', null],
  ]
  for (const [name, at] of names) {
    it(`in ${name}: ${at ?? 'it does not say'}`, () => {
      assert.equal(stampOf(name, 'UTC'), at === null ? null : Date.parse(at))
    })
  }

  it('follows the time zone of the camera', () => {
    assert.equal(stampOf('MDAlarm_20260701-120000.jpg', 'Europe/Berlin'), Date.parse('2026-07-01T10:00:00Z'))
  })

  const hour = 3_600_000
  const arrival = (stampMs: number | null, arrivedMs: number) => ({ stampMs, arrivedMs, lengthMs: 0 })

  it('is right though the clock of the camera is wrong: its quickest upload tells by how much', () => {
    const clock = new CameraClock()
    const wrongBy = 7 * hour
    for (const [takenMs, delayMs] of [
      [0, 900],
      [10_000, 300],
      [20_000, 5_000],
    ] as const)
      clock.note(arrival(takenMs + 100 * hour - wrongBy, takenMs + 100 * hour + delayMs))
    const taken = clock.takenAt(arrival(200 * hour - wrongBy, 202 * hour))
    assert.ok(Math.abs(taken - 200 * hour) <= 300, String(taken - 200 * hour))
  })

  it('is never after it arrived, and when it arrived if the name cannot be believed', () => {
    const clock = new CameraClock()
    clock.note(arrival(10 * hour, 10 * hour))
    assert.equal(clock.takenAt(arrival(20 * hour, 15 * hour)), 15 * hour)
    assert.equal(clock.takenAt(arrival(10 * hour, 10_000 * hour)), 10_000 * hour)
    assert.equal(clock.takenAt(arrival(null, 7 * hour)), 7 * hour)
    assert.equal(clock.takenAt({ stampMs: null, arrivedMs: 7 * hour, lengthMs: 60_000 }), 7 * hour - 60_000)
  })
})

describe('the order of a burst', () => {
  it('is newest moment first, each moment forwards, and nothing is lost', () => {
    const times = (values: number[]) => values.map((takenAt) => ({ takenAt }))
    assert.deepEqual(inWorkingOrder(times([5_000, 1_000, 900_000, 901_000])), times([900_000, 901_000, 1_000, 5_000]))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 })), (values) => {
        const order = inWorkingOrder(times(values)).map(({ takenAt }) => takenAt)
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          [...values].sort((a, b) => a - b),
        )
      }),
    )
  })
})

describe('a file that settles', () => {
  const file = (bytes: number, changedMs = 1) => ({ name: 'door/a.jpg', bytes, changedMs })

  it('is ready once size and time stayed the same for long enough', () => {
    const settling = new Settling()
    assert.equal(settling.look(file(10), 0, 2_000), 'growing')
    assert.equal(settling.look(file(20), 1_500, 2_000), 'growing')
    assert.equal(settling.look(file(20), 3_000, 2_000), 'growing')
    assert.equal(settling.look(file(20), 3_500, 2_000), 'settled')
  })

  it('is refused when it stays empty for a minute or grows for ten', () => {
    const [empty, endless] = [new Settling(), new Settling()]
    assert.equal(empty.look(file(0), 0, 2_000), 'growing')
    assert.equal(empty.look(file(0), 59_000, 2_000), 'growing')
    assert.equal(empty.look(file(0), 61_000, 2_000), 'empty')
    let last = ''
    for (let second = 0; second <= 600; second++) last = endless.look(file(second + 1), second * 1_000, 2_000)
    assert.equal(last, 'endless')
  })
})

describe('names', () => {
  it('make the same camera of a folder as Home Security Intelligence does', () => {
    assert.equal(cameraNameOf('Front Door-2'), 'front_door_2')
    for (const name of ['..', '.x', 'a/b', 'a\\b', '', ' a', 'a\0b', 'x'.repeat(64)])
      assert.ok(!isFolderName(name), name)
    for (const name of ['front_door', 'Kamera 2', 'a.b-c']) assert.ok(isFolderName(name), name)
    assert.ok(!isPlainName('a\u001b[31m.jpg') && !isPlainName(`${'x'.repeat(300)}.jpg`) && isPlainName('Tür 1.jpg'))
  })

  it('promise what the first bytes have to keep', () => {
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0])
    assert.ok(isWhatItSays('a.jpg', jpeg) && isWhatItSays('a.PNG', jpeg) && !isWhatItSays('a.mp4', jpeg))
    assert.ok(
      isWhatItSays('a.mov', Buffer.from('\0\0\0\x18ftypqt  ')) && !isWhatItSays('a.avi', Buffer.from('RIFF0000WAVE')),
    )
  })

  it('of folders that are no folder for uploads are refused', () => {
    for (const path of ['/', '/etc', '//', 'uploads', '/home/'])
      assert.ok(!uploadFolder.schema.safeParse(path).success, path)
    for (const path of ['', '/export/foscam', '/srv/a/b']) assert.ok(uploadFolder.schema.safeParse(path).success, path)
    assert.deepEqual(passiveRange('50000-50049'), { from: 50_000, to: 50_049 })
    for (const text of ['80-90', '50000-50001', '50010-50000', 'x', '60000-70000'])
      assert.equal(passiveRange(text), null)
  })
})

it('the same picture of the same camera counts once within the window', async () => {
  const clock = createFakeClock()
  const isDuplicate = createDuplicates(clock, () => 300_000)
  assert.deepEqual([isDuplicate('a', 'x'), isDuplicate('a', 'x'), isDuplicate('b', 'x')], [false, true, false])
  await clock.advance(300_000)
  assert.equal(isDuplicate('a', 'x'), false)
})

describe('clearing up', () => {
  const file = (name: string, bytes: number, changedMs: number): WalkedFile => {
    return { name, folder: 'door', bytes, changedMs, odd: null }
  }

  it('takes what is too old, then the oldest until the rest fits', () => {
    const files = [file('a', 10, 0), file('b', 10, 500), file('c', 10, 900)]
    const names = (keepMs: number, mostBytes: number) =>
      outlived(files, 1_000, { keepMs, mostBytes }).map(({ name }) => name)
    assert.deepEqual(names(600, 100), ['a'])
    assert.deepEqual(names(10_000, 15), ['a', 'b'])
    assert.deepEqual(names(10_000, 30), [])
  })

  it('removes nothing outside of the folder, and folders that it leaves empty', async () => {
    const top = await mkdtemp(join(tmpdir(), 'lares-clean-'))
    const root = join(top, 'uploads')
    try {
      await mkdir(join(root, 'door', '2026', '11'), { recursive: true })
      await writeFile(join(top, 'outside.jpg'), 'outside')
      await writeFile(join(root, 'door', '2026', '11', 'a.jpg'), 'x')
      await symlink(top, join(root, 'door', 'up'))
      await symlink(join(top, 'outside.jpg'), join(root, 'door', 'link.jpg'))
      assert.equal(await removeUpload(root, 'door/up/outside.jpg'), false)
      assert.equal(await removeUpload(root, '../outside.jpg'), false)
      assert.equal(await removeUpload(root, 'door/link.jpg'), true)
      assert.equal(await removeUpload(root, 'door/2026/11/a.jpg'), true)
      assert.equal(await readFile(join(top, 'outside.jpg'), 'utf8'), 'outside')
      assert.deepEqual(await readdir(join(root, 'door')), ['up'])
    } finally {
      await rm(top, { recursive: true })
    }
  })
})

it('a recording that was sent afterwards is found by when it was taken and kept by when it came', () => {
  const [taken, came] = [1_764_300_000, 1_764_310_000]
  const name = `${String(taken)}-${String(came)}.ts`
  const segments = readSegments([{ name, bornMs: came * 1_000, changedMs: (taken + 10) * 1_000 }])
  assert.equal(segmentsBetween(segments, (taken + 2) * 1_000, (taken + 5) * 1_000).length, 1)
  assert.equal(segmentsBetween(segments, (came - 5) * 1_000, (came + 5) * 1_000).length, 0)
  assert.deepEqual(outdated(segments, (came + 60) * 1_000, 300_000), [])
  assert.deepEqual(outdated(segments, (came + 400) * 1_000, 300_000), [name])
})
