import assert from 'node:assert/strict'
import { link, mkdir, readdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { CameraUploads, UploadsReply } from '../../appliance/src/api/uploads.ts'
import { settleS } from '../../appliance/src/cameras/uploads/settings.ts'
import type { Frame } from '../../appliance/src/media/index.ts'
import { createFakeSettings } from '../fakes/settings.ts'
import { addCamera, startBox, until, untilState, type Box } from './box.ts'
import { bombFile, clipFile, jpegFile } from './upload-files.ts'

let box: Box
let camera: Camera
let folder: string
const frames: Frame[] = []
const settings = createFakeSettings()

before(async () => {
  await settings.set(settleS, 0.3)
  box = await startBox({ settings })
  box.cameras.onFrame((frame) => void frames.push(frame))
  folder = join(box.dataDir, 'uploads', 'front_door')
  camera = await addCamera(box, { kind: 'upload', folder: 'front_door' })
})
after(() => box.remove())

const uploadsOf = async (id = camera.id): Promise<CameraUploads> =>
  (await box.ask(`/api/cameras/${id}/uploads`)).json() as unknown as CameraUploads

/** As a camera writes: beside its place, then moved. */
async function send(name: string, content: Uint8Array, into = folder): Promise<void> {
  const path = join(into, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
}

async function refusedAs(name: string): Promise<string> {
  return until(
    `a reason for ${name}`,
    async () => (await uploadsOf()).refused.find(({ file }) => file === name)?.reason,
  )
}

const half = (content: Buffer): Buffer => content.subarray(0, content.length >> 1)
const since = (count: number): Frame[] => frames.slice(count)

describe('a camera that sends its pictures', () => {
  it('waits for the first one, and is live from then on', async () => {
    assert.equal(camera.state, 'starting')
    assert.equal((await box.ask(`/api/cameras/${camera.id}/still.jpg`)).status, 503)
    await send('snap/MDAlarm_20261128-101500.jpg', await jpegFile(1280, 720))
    const live = await untilState(box, camera.id, 'live')
    assert.deepEqual(live.picture, { width: 1280, height: 720, codec: 'jpeg' })
    await until('two looks', () => frames.length >= 2)
    assert.deepEqual(
      frames.map(({ width, height, still }) => [width, height, still]),
      [
        [640, 360, 'first'],
        [640, 360, 'second'],
      ],
    )
    const still = await box.ask(`/api/cameras/${camera.id}/still.jpg`)
    assert.equal(still.status, 200)
    assert.ok(box.notices.size === 0, [...box.notices.keys()].join())
  })

  it('counts the same picture once', async () => {
    const content = await jpegFile()
    const count = frames.length
    await send('a.jpg', content)
    await until('its looks', () => since(count).length >= 2)
    await send('b.jpg', content)
    await send('c.jpg', await jpegFile())
    await until('the next one', () => since(count).length >= 4)
    assert.equal(since(count).length, 4)
  })

  it('decodes a clip at five pictures a second and keeps it as the recording of its moment', async () => {
    const count = frames.length
    await send('record/clip.mp4', await clipFile(4))
    await until('its pictures', () => since(count).length >= 18, 20_000)
    const seen = since(count)
    assert.ok(seen.every(({ still }) => still === undefined))
    const steps = seen.slice(1).map((frame, n) => frame.capturedAt - (seen[n] as Frame).capturedAt)
    assert.deepEqual(new Set(steps), new Set([200]))
    const fromMs = (seen[0] as Frame).capturedAt
    const clip = await box.recording.cutClip({
      cameraId: camera.id,
      fromMs: fromMs + 500,
      toMs: fromMs + 3_000,
      file: 'incidents/x/clip.mp4',
    })
    assert.ok(clip.durationMs > 2_000 && clip.durationMs < 4_500, String(clip.durationMs))
    assert.deepEqual(await readdir(join(box.dataDir, 'media', 'tmp')), [])
  })

  it('makes a recording that browsers play of MJPEG in AVI too', async () => {
    const count = frames.length
    const avi = join(box.dataDir, 'x.avi')
    await writeFile(join(box.dataDir, 'x.mkv'), await clipFile(2, 'mjpeg'))
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', join(box.dataDir, 'x.mkv'), '-c', 'copy', avi])
    await send('old.avi', await readFile(avi))
    await until('its pictures', () => since(count).length >= 8, 20_000)
    const fromMs = (since(count)[0] as Frame).capturedAt
    const clip = await box.recording.cutClip({
      cameraId: camera.id,
      fromMs,
      toMs: fromMs + 1_900,
      file: 'incidents/x/avi.mp4',
    })
    assert.ok(clip.durationMs > 1_000)
  })
})

describe('what is no picture', () => {
  const cases: [name: string, content: () => Promise<Uint8Array>, reason: string][] = [
    ['small.jpg', async () => Buffer.concat([(await jpegFile()).subarray(0, 5_000)]), 'too-small'],
    ['cut.jpg', async () => (await jpegFile(1280, 720)).subarray(0, 60_000), 'damaged'],
    ['cut.png', async () => (await jpegFile(640, 360, 'png')).subarray(0, 100_000), 'damaged'],
    ['text.jpg', async () => Buffer.alloc(20_000, 'hello '), 'wrong-type'],
    [
      'list.mp4',
      async () => Buffer.from(`#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n${'#\n'.repeat(8_000)}`),
      'wrong-type',
    ],
    ['picture.mp4', () => jpegFile(), 'wrong-type'],
    ['clip.jpg', () => clipFile(), 'wrong-type'],
    ['bomb.png', () => bombFile(), 'too-many-pixels'],
    ['narrow.jpg', () => jpegFile(4_000, 80), 'too-many-pixels'],
    ['cut.mp4', async () => half(await clipFile(4)), 'damaged'],
    [
      'noise.mkv',
      async () => Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(50_000, 7)]),
      'damaged',
    ],
  ]
  for (const [name, content, reason] of cases) {
    it(`says of ${name}: ${reason}`, async () => {
      const count = frames.length
      await send(name, await content())
      assert.equal(await refusedAs(name), reason)
      assert.ok(since(count).length === 0, `${String(since(count).length)} pictures of it were handed on`)
    })
  }

  it('follows no link, opens no device, no pipe and no file with a second name', async () => {
    const secret = join(box.dataDir, 'secret.jpg')
    await writeFile(secret, await jpegFile())
    await symlink(secret, join(folder, 'link.jpg'))
    await link(secret, join(folder, 'hard.jpg'))
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')])
    await symlink(box.dataDir, join(folder, 'linked'))
    for (const name of ['link.jpg', 'hard.jpg', 'pipe.jpg']) assert.equal(await refusedAs(name), 'not-a-file')
    await writeFile(join(box.dataDir, 'below.jpg'), await jpegFile())
    await send('after.jpg', await jpegFile())
    await until('the next one', async () => ((await uploadsOf()).lastAt ?? 0) > Date.now() - 5_000)
    assert.ok(!(await uploadsOf()).refused.some(({ file }) => file.includes('linked')))
    assert.ok((await readFile(secret)).length > 0)
    for (const name of ['link.jpg', 'hard.jpg', 'pipe.jpg', 'linked']) await rm(join(folder, name))
  })

  it('shows a name with control characters without them', async () => {
    await writeFile(join(folder, 'a\u001b[31m\nb.jpg'), await jpegFile())
    assert.equal(await refusedAs('a·[31m·b.jpg'), 'bad-name')
  })

  it('goes on seeing afterwards', async () => {
    const count = frames.length
    await send('good.jpg', await jpegFile())
    await until('its looks', () => since(count).length >= 2)
  })

  it('reads a file only once it has stopped growing', async () => {
    const content = await jpegFile(1280, 720)
    const count = frames.length
    const path = join(folder, 'slow.jpg')
    for (let part = 1; part <= 5; part++) {
      await writeFile(path, content.subarray(0, (content.length * part) / 5))
      await new Promise((resolve) => setTimeout(resolve, 150))
      assert.equal(since(count).length, 0)
    }
    await until('its looks', () => since(count).length >= 2)
    assert.ok(!(await uploadsOf()).refused.some(({ file }) => file === 'slow.jpg'))
    await truncate(path, 0)
  })
})

describe('an unknown folder', () => {
  it('is offered to the owner, and looked at once it is added', async () => {
    const count = frames.length
    await send('x.jpg', await jpegFile(), join(box.dataDir, 'uploads', 'Back-Yard'))
    const notice = await until('the offer', () => box.notices.get('uploads.unknown.Back-Yard'))
    assert.equal(notice.title, 'A camera called Back-Yard sends pictures. Add it?')
    assert.equal(notice.link, '/cameras/send?folder=Back-Yard')
    assert.equal(since(count).length, 0)
    const { unknown } = (await box.ask('/api/uploads')).json() as unknown as UploadsReply
    assert.deepEqual(
      unknown.map(({ suggestedName, files }) => [suggestedName, files]),
      [['Back Yard', 1]],
    )
    const added = await addCamera(box, { kind: 'upload', folder: 'Back-Yard' }, 'Back yard')
    await untilState(box, added.id, 'live')
    await until('the offer to end', () => !box.notices.has('uploads.unknown.Back-Yard'))
    const again = await box.ask('/api/cameras', {
      method: 'POST',
      send: { name: 'Third', source: { kind: 'upload', folder: 'back_yard' } },
    })
    assert.equal(again.status, 409)
  })
})

describe('a burst after a cut', () => {
  it('is worked through newest moment first, each in its own order', async () => {
    const count = frames.length
    const nowS = Math.floor(Date.now() / 1_000)
    const ages = [7_200, 7_199, 3_600, 3_599, 2, 1]
    const files = await Promise.all(ages.map(async (age) => ({ age, content: await jpegFile(320, 240) })))
    await settings.set(settleS, 1)
    for (const { age, content } of files) {
      const path = join(folder, `burst-${String(age)}.jpg`)
      await writeFile(path, content)
      await utimes(path, nowS - age, nowS - age)
    }
    await until('all looks', () => since(count).length >= 12, 20_000)
    const order = since(count)
      .filter(({ still }) => still === 'first')
      .map(({ capturedAt }) => nowS - capturedAt / 1_000)
    assert.deepEqual(order, [2, 1, 3_600, 3_599, 7_200, 7_199])
    await settings.set(settleS, 0.3)
  })
})
