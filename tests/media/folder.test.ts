import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { silentLog } from '../../appliance/src/core/log.ts'
import { createDiskSpace } from '../../appliance/src/media/disk-space.ts'
import { createMediaFolder } from '../../appliance/src/media/media-folder.ts'
import { createFakeClock } from '../fakes/clock.ts'

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'lares-media-'))
})
after(() => rm(root, { recursive: true, force: true }))

describe('the media folder', () => {
  it('writes, lists, measures and removes by safe names', async () => {
    const folder = createMediaFolder(root)
    await folder.write('incidents/01/a-1.jpg', Buffer.from('picture'))
    assert.equal(await folder.sizeBytes('incidents/01/a-1.jpg'), 7)
    assert.deepEqual(await folder.list('incidents/01'), ['a-1.jpg'])
    await folder.remove('incidents/01/a-1.jpg')
    await folder.remove('incidents/01/a-1.jpg')
    assert.equal(await folder.sizeBytes('incidents/01/a-1.jpg'), null)
    assert.deepEqual(await folder.list('nowhere'), [])
  })

  it('SEC-C4 refuses every name that could lead elsewhere', async () => {
    const folder = createMediaFolder(root)
    for (const name of [
      '..',
      '../a',
      'a/../../b',
      '/etc/passwd',
      'a//b',
      '',
      '.',
      './a',
      '.hidden',
      'a/.git',
      'a\0b',
      'a\\b',
      'ä',
      `${'x'.repeat(200)}`,
      '%2e%2e/a',
    ]) {
      assert.throws(() => folder.path(name), /not the name of a picture or clip/, JSON.stringify(name))
      await assert.rejects(async () => folder.write(name, Buffer.from('x')))
    }
    assert.deepEqual(await readdir(root), ['incidents'])
  })
})

describe('disk space', () => {
  it('tells the owner when it runs out, and wavers not', async () => {
    const MB = 1024 * 1024
    const clock = createFakeClock()
    let free = 600 * MB
    const board = new Map<string, { title: string; detail: string }>()
    const notices = {
      raise: (notice: { id: string; title: string; detail: string }) => board.set(notice.id, notice),
      clear: (id: string) => board.delete(id),
    }
    const space = createDiskSpace({ folder: root, clock, log: silentLog(), notices, freeBytesOf: async () => free })
    await space.start()
    await clock.advance(1)
    assert.equal(space.isLow(), false)
    free = 499 * MB
    await clock.advance(10_000)
    assert.equal(space.isLow(), true)
    assert.match([...board.values()][0]?.detail ?? '', /^Only 499 MB are free/)
    free = 600 * MB
    await clock.advance(10_000)
    assert.equal(space.isLow(), true, 'a little more is not enough')
    free = 701 * MB
    await clock.advance(10_000)
    assert.equal(space.isLow(), false)
    assert.equal(board.size, 0)
    await space.stop()
  })
})
