import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import { makeTestCertificates } from '../fakes/certificates.ts'
import { drawnClip } from '../fakes/clip.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { addCamera, cameraOf, processesWith, startBox, until, untilState, type Box } from './box.ts'

const PASSWORD = 'p@ss:w/rd#ü'
const me = { username: 'me', password: PASSWORD }
let box: Box
let files: { file: string; subFile: string }

before(async () => {
  files = {
    file: await drawnClip({ width: 1_280, height: 720, seconds: 5 }),
    subFile: await drawnClip({ width: 640, height: 360, seconds: 5, what: 'still' }),
  }
  box = await startBox()
})
after(() => box.remove())

async function withCamera(options: object, use: (camera: RtspServer) => Promise<void>): Promise<void> {
  const camera = await startRtspServer({ ...files, ...options })
  try {
    await use(camera)
  } finally {
    await camera.stop()
  }
}

const untilStream = (id: string, detection: 'main' | 'sub', timeoutMs = 20_000): Promise<Camera> =>
  until(
    `detection on the ${detection} stream`,
    async () => {
      const camera = await cameraOf(box, id)
      return camera.streams?.detection === detection && camera.state === 'live' ? camera : null
    },
    timeoutMs,
  )

const segmentsOf = (id: string): string[] => readdirSync(join(box.dataDir, 'media', 'buffer', id))
const remove = (id: string) => box.ask(`/api/cameras/${id}`, { method: 'DELETE' })

describe('main and smaller stream', () => {
  it('the smaller one is found by itself and looked at; the main one is recorded, undecoded', async () => {
    await withCamera(me, async (camera) => {
      const { id } = await addCamera(box, { kind: 'rtsp', url: `${camera.url}1`, ...me }, 'Found')
      const found = await untilStream(id, 'sub')
      assert.match(found.streams?.why ?? '', /found this smaller stream.*Tapo/)
      assert.equal(found.streams?.decodedBy, 'the processor')
      assert.deepEqual(found.picture, { width: 1_280, height: 720, codec: 'h264' })
      await until(
        'one process a stream',
        () => processesWith(`buffer/${id}`).length === 1 && camera.sub.playing() === 1,
      )
      await until('the main stream to be copied only', () =>
        box.logLines.some((line) => /wanted for something else/.test(line)),
      )
      await until('both streams', () => camera.playing() === 1 && camera.sub.playing() === 1)
      const before = segmentsOf(id).length
      await until('more segments', () => segmentsOf(id).length > before + 1)
      const everything = [(await box.ask('/api/cameras')).text, ...box.logLines, ...box.server.logLines].join('\n')
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)]) assert.ok(!everything.includes(secret))
      await remove(id)
      await until('both streams to be left', () => camera.playing() === 0 && camera.sub.playing() === 0)
    })
  })

  it('when the smaller one dies the main one is looked at, without an alarm', async () => {
    await withCamera({}, async (camera) => {
      const source = { kind: 'rtsp', url: `${camera.url}1`, subUrl: `${camera.url}2` }
      const { id, source: shown } = await addCamera(box, source, 'Named')
      assert.equal(shown.subAddress, `${camera.url}2`)
      const named = await untilStream(id, 'sub')
      assert.equal(named.streams?.why, 'You named this smaller stream.')
      let lastAtMs = performance.now()
      let longestMs = 0
      const stop = box.cameras.onFrame(() => {
        longestMs = Math.max(longestMs, performance.now() - lastAtMs)
        lastAtMs = performance.now()
      })
      camera.sub.setThere(false)
      const fallen = await untilStream(id, 'main')
      assert.match(fallen.streams?.why ?? '', /does not answer, so the main one is looked at/)
      await until('pictures of the main stream', () => performance.now() - lastAtMs < 300 && longestMs > 400)
      stop()
      assert.ok(longestMs < 5_000, `${longestMs} ms without a picture`)
      assert.ok(!box.notices.has(`camera.${id}`))
      assert.ok(!box.events.some(({ payload }) => (payload as Camera).id === id && (payload as Camera).problem))
      camera.sub.setThere(true)
      await untilStream(id, 'sub', 30_000)
      await remove(id)
    })
  })

  it('a camera that falls silent on both streams is noticed within 10 s', async () => {
    await withCamera({}, async (camera) => {
      const source = { kind: 'rtsp', url: `${camera.url}1`, subUrl: `${camera.url}2` }
      const { id } = await addCamera(box, source, 'Silent')
      await untilStream(id, 'sub')
      await until('some recording', () => segmentsOf(id).length > 1)
      camera.pause()
      camera.sub.pause(true)
      const pausedAtMs = performance.now()
      const { problem } = await untilState(box, id, 'stalled', 14_000)
      assert.ok(performance.now() - pausedAtMs <= 10_500, `${performance.now() - pausedAtMs} ms`)
      assert.equal(problem?.reason, 'no-frames')
      camera.resume()
      camera.sub.pause(false)
      await untilState(box, id, 'live', 25_000)
      await remove(id)
    })
  })

  it('a smaller stream on another host is refused: it would get the password', async () => {
    const source = { kind: 'rtsp', url: 'rtsp://10.0.0.9/stream1', subUrl: 'rtsp://10.0.0.8/stream2', ...me }
    const reply = await box.ask('/api/cameras', { method: 'POST', send: { name: 'Evil', source } })
    assert.equal(reply.status, 400)
    assert.match(reply.text, /must be at the same camera/)
  })

  it('a camera that comes and goes every 3 s is live whenever it is there', async () => {
    await withCamera({}, async (camera) => {
      const { id } = await addCamera(box, { kind: 'rtsp', url: camera.url }, 'Flapping')
      await untilState(box, id, 'live')
      const frames: number[] = []
      const stop = box.cameras.onFrame((frame) => frame.cameraId === id && frames.push(performance.now()))
      for (let turn = 0; turn < 4; turn++) {
        camera.drop()
        await new Promise((resolve) => setTimeout(resolve, 3_000))
      }
      stop()
      const seconds = new Set(frames.map((atMs) => Math.floor(atMs / 1_000))).size
      assert.ok(seconds >= 5, `pictures in ${seconds} of 12 seconds`)
      assert.equal(processesWith(`buffer/${id}`).length <= 1, true)
      await untilState(box, id, 'live', 15_000)
      await remove(id)
    })
  })
})

describe('rtsps', () => {
  it('needs a certificate this box knows, unless the owner accepts any; then it is watched over TLS', async () => {
    const certificates = makeTestCertificates()
    try {
      await withCamera({ tls: certificates, ...me }, async (camera) => {
        const source = { kind: 'rtsp', url: camera.url, ...me }
        const refused = await box.ask('/api/cameras/test', { method: 'POST', send: { source } })
        assert.match(refused.text, /untrusted-certificate/)
        assert.equal(camera.refused(), 0, 'nobody signed in')
        const { id, source: shown } = await addCamera(box, { ...source, anyCertificate: true }, 'Locked')
        assert.equal(shown.anyCertificate, true)
        await untilState(box, id, 'live')
        await remove(id)
      })
    } finally {
      certificates.remove()
    }
  })
})
