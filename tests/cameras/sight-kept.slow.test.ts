// How long nothing is seen when something in the box dies or hangs: goal 2 s. Real ffmpeg, a real RTSP camera on loopback. On
// a machine that is so busy that a bare ffmpeg needs longer for its first picture, that much more is allowed.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import { previewArgs } from '../../appliance/src/media/ffmpeg-args.ts'
import { drawnClip } from '../fakes/clip.ts'
import { makeFakeFfmpeg } from '../fakes/ffmpeg-without-hardware.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { addCamera, cameraOf, processesWith, startBox, until, untilState, type Box } from './box.ts'

const GOAL_MS = 2_000
const USUAL_START_MS = 800
let file: string
let subFile: string

before(async () => {
  file = await drawnClip({ width: 1_280, height: 720, seconds: 5 })
  subFile = await drawnClip({ width: 640, height: 360, seconds: 5 })
})

interface Scene {
  box: Box
  rtsp: RtspServer
  camera: Camera
}

/** A camera with both streams, its smaller one looked at and the main one only recorded. */
async function withTwoStreams(use: (scene: Scene) => Promise<void>): Promise<void> {
  await withCamera(async (scene) => {
    await until('the smaller stream', async () => {
      const { streams, state } = await cameraOf(scene.box, scene.camera.id)
      return streams?.detection === 'sub' && state === 'live'
    })
    await until('both streams', () => scene.rtsp.playing() === 1 && scene.rtsp.sub.playing() === 1)
    await use(scene)
  }, true)
}

async function withCamera(use: (scene: Scene) => Promise<void>, hasSub = false): Promise<void> {
  const rtsp = await startRtspServer({ file, subFile })
  const box = await startBox()
  try {
    const source = { kind: 'rtsp', ...(hasSub ? { url: `${rtsp.url}1`, subUrl: `${rtsp.url}2` } : { url: rtsp.url }) }
    const camera = await addCamera(box, source)
    await untilState(box, camera.id, 'live')
    // Long enough to know the stream's pace, and that its end is nobody's worry.
    await wait(4_000)
    await use({ box, rtsp, camera })
  } finally {
    await box.remove()
    await rtsp.stop()
  }
}

/** The longest time without a picture from `fault` on, until pictures came for two seconds again. */
async function longestGapMs(box: Box, fault: () => void): Promise<number> {
  let lastAtMs = performance.now()
  let longestMs = 0
  const stop = box.cameras.onFrame(() => {
    longestMs = Math.max(longestMs, performance.now() - lastAtMs)
    lastAtMs = performance.now()
  })
  fault()
  await wait(4_000)
  await until('pictures', () => performance.now() - lastAtMs < 500)
  stop()
  return longestMs
}

/** ffmpeg of the stream that is at this address. */
function ffmpegOf(address: string): number {
  const [pid] = processesWith(address).filter((each) => /^ffmpeg/.test(readFileSync(`/proc/${each}/comm`, 'utf8')))
  assert.ok(pid, `no ffmpeg at ${address}`)
  return pid
}

/** How long a bare ffmpeg takes for one picture of the camera, now: on a machine at rest a good half second. */
async function bareStartMs(url: string): Promise<number> {
  const startedAtMs = performance.now()
  const args = previewArgs({ kind: 'rtsp', url, transport: 'tcp' }, 640)
  await promisify(execFile)('ffmpeg', args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 })
  return performance.now() - startedAtMs
}

async function judge(t: TestContext, what: string, gapMs: number, url: string): Promise<void> {
  const bareMs = Math.max(await bareStartMs(url), await bareStartMs(url))
  t.diagnostic(`${what}: ${gapMs.toFixed(0)} ms without a picture; a bare start takes ${bareMs.toFixed(0)} ms`)
  const mostMs = GOAL_MS + 2 * Math.max(0, bareMs - USUAL_START_MS)
  assert.ok(gapMs <= mostMs, `${what}: ${gapMs} ms without a picture, ${bareMs} ms for a bare start`)
}

const hadProblem = (box: Box): boolean => box.events.some(({ payload }) => (payload as Camera).problem)

describe('SIGHT one stream', () => {
  it('a decoder that is killed is there again at once, without an alarm', async (t) => {
    await withCamera(async ({ box, rtsp }) => {
      await judge(t, 'killed', await longestGapMs(box, () => process.kill(ffmpegOf(rtsp.url), 'SIGKILL')), rtsp.url)
      assert.ok(!hadProblem(box))
    })
  })

  it('a decoder that hangs is left after a second, without an alarm; nothing of it stays', async (t) => {
    await withCamera(async ({ box, rtsp }) => {
      const pid = ffmpegOf(rtsp.url)
      await judge(t, 'hung', await longestGapMs(box, () => process.kill(pid, 'SIGSTOP')), rtsp.url)
      assert.ok(!hadProblem(box))
      assert.ok(!processesWith(rtsp.url).includes(pid))
    })
  })
})

describe('SIGHT two streams', () => {
  it('the smaller stream’s decoder is killed', async (t) => {
    await withTwoStreams(async ({ box, rtsp }) => {
      await judge(
        t,
        'killed',
        await longestGapMs(box, () => process.kill(ffmpegOf(`${rtsp.url}2`), 'SIGKILL')),
        rtsp.url,
      )
      assert.ok(!hadProblem(box))
    })
  })

  it('the smaller stream’s decoder hangs', async (t) => {
    await withTwoStreams(async ({ box, rtsp }) => {
      await judge(t, 'hung', await longestGapMs(box, () => process.kill(ffmpegOf(`${rtsp.url}2`), 'SIGSTOP')), rtsp.url)
      assert.ok(!hadProblem(box))
    })
  })

  it('the smaller stream is gone: the main one takes over', async (t) => {
    await withTwoStreams(async ({ box, rtsp, camera }) => {
      await judge(t, 'gone', await longestGapMs(box, () => rtsp.sub.setThere(false)), rtsp.url)
      assert.equal((await cameraOf(box, camera.id)).streams?.detection, 'main')
      assert.ok(!hadProblem(box))
    })
  })

  it('the smaller stream falls silent while its connection stays: the main one takes over', async (t) => {
    await withTwoStreams(async ({ box, rtsp, camera }) => {
      await judge(t, 'silent', await longestGapMs(box, () => rtsp.sub.pause(true)), rtsp.url)
      assert.equal((await cameraOf(box, camera.id)).streams?.detection, 'main')
      assert.ok(!hadProblem(box))
      // It is asked again in the background all the while.
      rtsp.sub.pause(false)
      await until('the smaller stream to be played', () => rtsp.sub.playing() === 1, 20_000)
    })
  })
})

describe('SIGHT hardware decoder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lares-sight-'))
  const ffmpeg = makeFakeFfmpeg(join(folder, 'bin'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const how of ['dies', 'freezes', 'hangs'] as const) {
    it(`one that ${how} under a camera: the processor takes over`, async (t) => {
      mkdirSync(join(folder, 'root/dev/dri'), { recursive: true })
      writeFileSync(join(folder, 'root/dev/dri/renderD128'), '')
      ffmpeg.set('works')
      const before = ffmpeg.hardwareRuns()
      const rtsp = await startRtspServer({ file })
      const cameras = { root: join(folder, 'root'), readyAccelerators: async () => ['intel-gpu'] }
      const box = await startBox({ ffmpeg: ffmpeg.path, cameras })
      try {
        const { id } = await addCamera(box, { kind: 'rtsp', url: rtsp.url })
        await until('the proof to begin', () => ffmpeg.hardwareRuns() > before, 20_000)
        await wait(300)
        // Proven, and from then on broken.
        ffmpeg.set(how)
        let lastAtMs = performance.now()
        let longestMs = 0
        box.cameras.onFrame(() => {
          longestMs = Math.max(longestMs, performance.now() - lastAtMs)
          lastAtMs = performance.now()
        })
        await until('the failure', () => box.logLines.some((line) => /hardware decoder failed/.test(line)), 30_000)
        const decodedBy = async () => (await cameraOf(box, id)).streams?.decodedBy
        await until('the processor', async () => (await decodedBy()) === 'the processor')
        await wait(1_000)
        await judge(t, how, longestMs, rtsp.url)
        assert.ok(!hadProblem(box))
      } finally {
        await box.remove()
        await rtsp.stop()
      }
    })
  }
})
