import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { addCamera, startBox, until, untilState, type Box } from '../cameras/box.ts'
import { drawnClip } from '../fakes/clip.ts'
import { startRtspServer, type RtspServer, type SentPicture } from '../fakes/rtsp-server.ts'

const WIDTH = 640
const HEIGHT = 360
let box: Box
let rtsp: RtspServer
let cameraId = ''
const sent: (SentPicture & { atMs: number })[] = []

before(async () => {
  rtsp = await startRtspServer({ file: await drawnClip() })
  rtsp.onSent((picture) => sent.push({ ...picture, atMs: performance.timeOrigin + picture.sentAtMs }))
  box = await startBox()
  cameraId = (await addCamera(box, { kind: 'rtsp', url: rtsp.url })).id
  await untilState(box, cameraId, 'live')
})
after(async () => {
  await box.remove()
  await rtsp.stop()
})

interface Probe {
  streams: { codec_name: string; nb_read_frames: string }[]
  format: { duration: string }
}

function probe(file: string): Probe {
  const args = ['-v', 'error', '-count_frames', '-show_entries', 'stream=codec_name,nb_read_frames:format=duration']
  return JSON.parse(execFileSync('ffprobe', [...args, '-of', 'json', file], { encoding: 'utf8' })) as Probe
}

/** Gray picture of a video at a time, or all of them. */
function grayOf(file: string, atS?: number): Buffer {
  const seek = atS === undefined ? [] : ['-ss', String(atS), '-frames:v', '1']
  const args = ['-v', 'error', '-i', file, ...seek, '-f', 'rawvideo', '-pix_fmt', 'gray', '-']
  return execFileSync('ffmpeg', args, { maxBuffer: 1e9 })
}

/** Which picture of the source this is. */
function sourceIndex(picture: Buffer, source: Buffer): number {
  const size = WIDTH * HEIGHT
  const difference = (n: number): number => {
    let sum = 0
    for (let at = 0; at < size; at += 41) sum += Math.abs((picture[at] ?? 0) - (source[n * size + at] ?? 0))
    return sum
  }
  const all = Array.from({ length: source.length / size }, (_, n) => difference(n))
  return all.indexOf(Math.min(...all))
}

it('cuts a clip that plays, covers the time asked for, and says truly when it begins', async () => {
  const source = grayOf(await drawnClip())
  const toMs = Date.now() + 6_000
  const fromMs = toMs - 4_000
  await until('the time to pass', () => Date.now() >= toMs, 10_000)
  const clip = await box.recording.cutClip({ cameraId, fromMs, toMs, file: 'incidents/test/one.mp4' })
  const file = join(box.dataDir, 'media', clip.file)

  assert.ok(clip.startsAt <= fromMs && clip.startsAt > fromMs - 3_500, `begins ${fromMs - clip.startsAt} ms before`)
  assert.ok(clip.startsAt + clip.durationMs >= toMs - 200, `ends ${toMs - clip.startsAt - clip.durationMs} ms early`)
  const { streams, format } = probe(file)
  assert.equal(streams[0]?.codec_name, 'h264')
  assert.ok(
    Math.abs(Number(format.duration) * 1_000 - clip.durationMs) < 150,
    `${format.duration} s, said ${clip.durationMs} ms`,
  )
  const expected = (clip.durationMs / 1_000) * rtsp.framesPerSecond
  assert.ok(
    Math.abs(Number(streams[0].nb_read_frames) - expected) <= 3,
    `${streams[0].nb_read_frames} pictures, ${expected} expected`,
  )

  // The picture at any moment of the clip is the one that was sent at that moment.
  for (const atS of [0, 1.5, 3]) {
    const index = sourceIndex(grayOf(file, atS), source)
    const momentMs = clip.startsAt + atS * 1_000
    const [nearest] = sent
      .filter((picture) => picture.index === index)
      .toSorted((a, b) => Math.abs(a.atMs - momentMs) - Math.abs(b.atMs - momentMs))
    const errorMs = Math.abs((nearest?.atMs ?? 0) - momentMs)
    assert.ok(errorMs < 300, `picture ${index} at ${atS} s is ${errorMs} ms off`)
  }

  const moov = readFileSync(file).subarray(0, 64).includes('moov')
  assert.ok(moov, 'the index comes first, so that it plays while it loads')
  assert.deepEqual(readdirSync(join(box.dataDir, 'media', 'tmp')), [], 'nothing is left over')
})

it('keeps the clock of the wall across a gap', async () => {
  await until('some recording', () => readdirSync(join(box.dataDir, 'media', 'buffer', cameraId)).length >= 2)
  const fromMs = Date.now() - 1_000
  rtsp.drop()
  await until('it to be cut off', () => rtsp.playing() === 0, 3_000)
  await until('it to be asked again', () => rtsp.playing() === 1)
  await untilState(box, cameraId, 'live')
  const toMs = Date.now() + 2_000
  await until('the time to pass', () => Date.now() >= toMs + 500)
  const clip = await box.recording.cutClip({ cameraId, fromMs, toMs, file: 'incidents/test/gap.mp4' })
  const { format } = probe(join(box.dataDir, 'media', clip.file))
  assert.ok(
    Math.abs(Number(format.duration) * 1_000 - clip.durationMs) < 300,
    `${format.duration} s, said ${clip.durationMs} ms`,
  )
  assert.ok(Math.abs(clip.startsAt + clip.durationMs - toMs) < 1_000)
})

it('says in words that nothing was kept, and leaves no file', async () => {
  const longAgo = Date.now() - 60_000
  const request = { cameraId, fromMs: longAgo, toMs: longAgo + 5_000, file: 'incidents/test/none.mp4' }
  await assert.rejects(box.recording.cutClip(request), /Nothing was recorded at that time/)
  assert.ok(!readdirSync(join(box.dataDir, 'media', 'incidents', 'test')).includes('none.mp4'))
})

it('keeps no clip outside the media folder', async () => {
  const request = { cameraId, fromMs: Date.now() - 3_000, toMs: Date.now() - 1_000, file: '../escape.mp4' }
  await assert.rejects(box.recording.cutClip(request), /not the name of a picture or clip/)
})

it('forgets what is older than the last minutes, and folders of cameras that are gone', async () => {
  const folder = join(box.dataDir, 'media', 'buffer', cameraId)
  const oldSecond = Math.floor(Date.now() / 1_000) - 400
  const some = readdirSync(folder)[0] ?? ''
  copyFileSync(join(folder, some), join(folder, `${oldSecond}.ts`))
  utimesSync(join(folder, `${oldSecond}.ts`), oldSecond + 2, oldSecond + 2)
  mkdirSync(join(box.dataDir, 'media', 'buffer', '00000000-0000-7000-8000-000000000000'))
  await until('the old segment to go', () => !readdirSync(folder).includes(`${oldSecond}.ts`), 12_000)
  assert.ok(readdirSync(folder).length > 0)
  assert.deepEqual(readdirSync(join(box.dataDir, 'media', 'buffer')), [cameraId])
})

it('makes a clip that browsers play out of HEVC', async () => {
  const camera = await addCamera(
    box,
    { kind: 'file', path: await drawnClip({ codec: 'hevc', seconds: 4, width: 320, height: 180 }) },
    'HEVC',
  )
  await untilState(box, camera.id, 'live')
  const fromMs = Date.now()
  await until('the time to pass', () => Date.now() >= fromMs + 2_500)
  const request = { cameraId: camera.id, fromMs, toMs: fromMs + 2_000, file: 'incidents/test/hevc.mp4' }
  const clip = await box.recording.cutClip(request)
  assert.equal(probe(join(box.dataDir, 'media', clip.file)).streams[0]?.codec_name, 'h264')
})
