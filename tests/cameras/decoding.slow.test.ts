import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import { drawnClip } from '../fakes/clip.ts'
import { makeFakeFfmpeg, type FakeFfmpeg } from '../fakes/ffmpeg-without-hardware.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { addCamera, cameraOf, processesWith, startBox, until, untilState, type Box } from './box.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-decoding-'))
let ffmpeg: FakeFfmpeg
let rtsp: RtspServer

before(async () => {
  ffmpeg = makeFakeFfmpeg(join(folder, 'bin'))
  mkdirSync(join(folder, 'root/dev/dri'), { recursive: true })
  writeFileSync(join(folder, 'root/dev/dri/renderD128'), '')
  rtsp = await startRtspServer({ file: await drawnClip() })
})
after(async () => {
  await rtsp.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function withBox(use: (box: Box, camera: Camera) => Promise<void>): Promise<void> {
  const cameras = { root: join(folder, 'root'), readyAccelerators: async () => ['intel-gpu'] }
  const box = await startBox({ ffmpeg: ffmpeg.path, cameras })
  try {
    await use(box, await addCamera(box, { kind: 'rtsp', url: rtsp.url }))
  } finally {
    await box.remove()
  }
}

const untilDecodedBy = (box: Box, id: string, who: string): Promise<Camera> =>
  until(
    `decoded by ${who}`,
    async () => {
      const camera = await cameraOf(box, id)
      return camera.streams?.decodedBy === who && camera.state === 'live' ? camera : null
    },
    30_000,
  )

it('a decoder of the machine is used once it has decoded two seconds of the camera’s own stream', async () => {
  ffmpeg.set('works')
  await withBox(async (box, { id }) => {
    assert.equal((await untilState(box, id, 'live')).streams?.decodedBy, 'the processor')
    await untilDecodedBy(box, id, 'the graphics chip')
    assert.ok(box.logLines.some((line) => /is proven/.test(line)))
    assert.ok(processesWith(`buffer/${id}`).length > 0)
    assert.ok(ffmpeg.hardwareRuns() >= 2, 'the proof and the camera')
  })
})

it('one that fails its proof is not used, and the camera never notices', async () => {
  ffmpeg.set('fails')
  const before = ffmpeg.hardwareRuns()
  await withBox(async (box, { id }) => {
    await untilState(box, id, 'live')
    await until('the proof', () => box.logLines.some((line) => /hardware decoder failed/.test(line)))
    const camera = await cameraOf(box, id)
    assert.deepEqual([camera.state, camera.streams?.decodedBy], ['live', 'the processor'])
    assert.equal(ffmpeg.hardwareRuns(), before + 1)
    assert.ok(!box.events.some(({ payload }) => (payload as Camera).problem))
  })
})

it('one that dies under a camera is left at once: the processor goes on without an alarm', async () => {
  ffmpeg.set('works')
  const before = ffmpeg.hardwareRuns()
  await withBox(async (box, { id }) => {
    // Proven, and from then on broken: the camera's own run dies after a second and a half.
    const proof = until('the proof', () => box.logLines.some((line) => /is proven/.test(line)), 30_000)
    await until('the proof to begin', () => ffmpeg.hardwareRuns() > before)
    await new Promise((resolve) => setTimeout(resolve, 300))
    ffmpeg.set('dies')
    await proof
    let lastAtMs = performance.now()
    let longestMs = 0
    box.cameras.onFrame(() => {
      longestMs = Math.max(longestMs, performance.now() - lastAtMs)
      lastAtMs = performance.now()
    })
    await until('the failure', () => box.logLines.some((line) => /hardware decoder failed/.test(line)), 30_000)
    await untilDecodedBy(box, id, 'the processor')
    await until('pictures', () => performance.now() - lastAtMs < 500)
    assert.ok(longestMs < 6_000, `${longestMs} ms without a picture`)
    assert.ok(!box.events.some(({ payload }) => (payload as Camera).problem))
  })
})
