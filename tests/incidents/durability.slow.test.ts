import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import type { IncidentHook } from '../../appliance/src/incidents/index.ts'
import { CAMERA_ID, startLife } from './life.ts'

it('writes what a hook writes in the same transaction; a failing hook rolls everything back and nobody hears of it', async () => {
  let fail = true
  const hook: IncidentHook = async (trx, change) => {
    await trx
      .insertInto('settings')
      .values({ key: `hook.${change}`, value: '1', updated_at: 1 })
      .execute()
    if (fail) throw new Error('the outbox is broken')
  }
  const life = await startLife({ hooks: [hook] })
  try {
    life.see({})
    await life.quiet()
    assert.deepEqual(await life.all(), [])
    assert.deepEqual(await life.database.reader.selectFrom('settings').selectAll().execute(), [])
    assert.deepEqual(await life.database.reader.selectFrom('incident_tracks').selectAll().execute(), [])
    assert.deepEqual(life.changes, [])
    const folder = join(life.dataDir, 'media', 'incidents')
    const left = existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jpg'))
      : []
    assert.deepEqual(left, [], 'no picture is left over')
    assert.ok(life.logLines.some((line) => line.includes('the outbox is broken')))

    fail = false
    await life.pass(1)
    life.see({})
    await life.quiet()
    assert.equal((await life.all()).length, 1)
    assert.deepEqual(
      life.changes.map(({ change }) => change),
      ['opened'],
    )
    const rows = await life.database.reader.selectFrom('settings').select('key').execute()
    assert.deepEqual(rows, [{ key: 'hook.opened' }])
  } finally {
    await life.remove()
  }
})

it('goes on with an open incident after a restart, and makes the clips that were not made', async () => {
  const life = await startLife()
  life.see({})
  await life.pass(2)
  await life.stop()

  const { dataDir, clock } = life
  await clock.advance(10_000)
  const second = await startLife({ dataDir, clock })
  const [adopted] = await second.all()
  assert.equal(adopted?.state, 'open')
  second.see({ id: 'track-of-second-run' })
  await second.pass(2)
  assert.equal((await second.all()).length, 1, 'the same incident goes on')
  assert.equal((await second.incidents.get(adopted.id)).tracks.length, 2)
  await second.stop()

  await clock.advance(3_600_000)
  const third = await startLife({ dataDir, clock })
  await third.pass(2)
  const [closed] = await third.all()
  assert.deepEqual([closed?.state, closed?.clip.state], ['closed', 'ready'])
  assert.equal(third.cuts[0]?.toMs, (closed?.lastSeenAt ?? 0) + 5_000)
  await third.remove()
})

it('opens without a picture when the disk is full: the alert matters more', async () => {
  const life = await startLife()
  try {
    const folder = life.media.folder as { write: typeof life.media.folder.write }
    folder.write = async () => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    }
    life.see({})
    await life.quiet()
    const [incident] = await life.all()
    assert.equal(incident?.snapshot, null)
    assert.deepEqual(
      life.changes.map(({ change }) => change),
      ['opened'],
    )
  } finally {
    await life.remove()
  }
})

it('removes the oldest clips while the disk is nearly full; the incidents stay and say why', async () => {
  const life = await startLife()
  const MB = 1024 * 1024
  try {
    for (let n = 0; n < 2; n++) {
      life.see({ id: `track-${n}` })
      await life.pass(40)
    }
    const [newer, older] = await life.all()
    assert.deepEqual([newer?.clip.state, older?.clip.state], ['ready', 'ready'])
    life.freeBytes = 400 * MB
    const remove = life.media.folder.remove
    const folder = life.media.folder as { remove: typeof remove }
    const removed: string[] = []
    folder.remove = async (name) => {
      removed.push(name)
      life.freeBytes = 900 * MB
      await remove(name)
    }
    await life.pass(45)
    const [kept, gone] = await life.all()
    assert.equal(kept?.clip.state, 'ready')
    assert.deepEqual(gone?.clip, { state: 'missing', reason: 'The clip was removed to free space on the disk.' })
    assert.equal(removed.length, 1)
    assert.ok(!existsSync(life.media.folder.path(removed[0] ?? '')))
  } finally {
    await life.remove()
  }
})

it('ends at once when its camera is removed', async () => {
  const life = await startLife()
  try {
    life.see({})
    await life.pass(1)
    life.bus.emit('camera.removed', { id: CAMERA_ID })
    await life.quiet()
    assert.equal((await life.all())[0]?.state, 'closed')
  } finally {
    await life.remove()
  }
})
