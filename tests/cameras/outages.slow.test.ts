import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { drawnClip } from '../fakes/clip.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { addCamera, processesWith, startBox, until, untilState, type Box } from './box.ts'

let box: Box
let rtsp: RtspServer

before(async () => {
  rtsp = await startRtspServer({ file: await drawnClip() })
  box = await startBox()
})
after(async () => {
  await box.remove()
  await rtsp.stop()
})

it('a camera goes live, survives a dropped connection and silence, and is removed without a trace', async () => {
  const camera = await addCamera(box, { kind: 'rtsp', url: rtsp.url })
  await untilState(box, camera.id, 'live')

  rtsp.drop()
  const dropped = await untilState(box, camera.id, 'failed', 3_000)
  assert.equal(dropped.problem?.reason, 'stream-ended')
  assert.ok(box.notices.has(`camera.${camera.id}`))
  await untilState(box, camera.id, 'live')
  assert.ok(!box.notices.has(`camera.${camera.id}`))

  rtsp.pause()
  const pausedAt = performance.now()
  const stalled = await untilState(box, camera.id, 'stalled', 12_000)
  const noticedMs = performance.now() - pausedAt
  assert.ok(noticedMs <= 10_000, `noticed after ${noticedMs} ms`)
  assert.equal(stalled.problem?.reason, 'no-frames')
  rtsp.resume()
  await untilState(box, camera.id, 'live', 25_000)

  const removed = await box.ask(`/api/cameras/${camera.id}`, { method: 'DELETE' })
  assert.equal(removed.status, 200)
  assert.deepEqual(processesWith(camera.id), [])
  assert.equal((await box.ask(`/api/cameras/${camera.id}`)).status, 404)
  await until('its segments to go', () => !readdirSync(`${box.dataDir}/media/buffer`).includes(camera.id))
  assert.deepEqual(
    box.events.filter((event) => event.name === 'camera.removed').map((event) => event.payload),
    [{ id: camera.id }],
  )
})

it('watches on when nothing can be recorded, and records again when there is room', async () => {
  const MB = 1024 * 1024
  let free = 100 * MB
  const full = await startBox({ freeBytesOf: async () => free })
  try {
    const { id } = await addCamera(full, { kind: 'rtsp', url: rtsp.url })
    await untilState(full, id, 'live')
    const folder = join(full.dataDir, 'media', 'buffer', id)
    assert.ok(!existsSync(folder), 'nothing is recorded')
    free = 5_000 * MB
    await until('recording', () => existsSync(folder) && readdirSync(folder).length > 0, 20_000)
    await untilState(full, id, 'live')

    // As when the disk fills up or the folder is lost under a running ffmpeg: it ends, and begins again.
    rmSync(folder, { recursive: true })
    await until('recording again', () => existsSync(folder) && readdirSync(folder).length > 0, 20_000)
    await untilState(full, id, 'live')
  } finally {
    await full.remove()
  }
})

it('leaves no ffmpeg of ours behind when the box is killed', async () => {
  const script = `
    import { startBox, addCamera, untilState } from ${JSON.stringify(import.meta.resolve('./box.ts'))}
    const box = await startBox()
    const source = { kind: 'rtsp', url: ${JSON.stringify(rtsp.url)} }
    const camera = await addCamera(box, source)
    await untilState(box, camera.id, 'live')
    process.stdout.write(camera.id, () => process.kill(process.pid, 'SIGKILL'))`
  const args = ['--input-type=module', '-e', script]
  const id = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, (_error, stdout) => resolve(stdout))
  })
  assert.match(id, /^[0-9a-f-]{36}$/)
  await until('ffmpeg to be gone', () => processesWith(id).length === 0, 15_000)
})
