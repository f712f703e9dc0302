// Clips of cameras that send JPEG: their pictures are kept one by one and encoded when a clip is wanted.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { addCamera, startBox, until, untilState, type Box } from '../cameras/box.ts'
import { startWebCamera, type WebCamera } from '../fakes/web-camera.ts'

let box: Box
let camera: WebCamera

before(async () => {
  camera = await startWebCamera()
  box = await startBox()
})
after(async () => {
  await box.remove()
  await camera.stop()
})

const filesOf = (id: string): string[] => readdirSync(join(box.dataDir, 'media', 'buffer', id)).sort()

interface Probe {
  codec_name: string
  width: number
  nb_read_frames: string
}

function probe(file: string): { stream: Probe; durationS: number } {
  const entries = 'stream=codec_name,width,nb_read_frames:format=duration'
  const args = ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', file]
  const found = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as {
    streams: Probe[]
    format: { duration: string }
  }
  const [stream] = found.streams
  assert.ok(stream)
  return { stream, durationS: Number(found.format.duration) }
}

/** Mean gray of the left and of the right half of one picture. */
function halvesAt(file: string, atS: number): [number, number] {
  const args = ['-v', 'error', '-i', file, '-ss', String(atS), '-frames:v', '1', '-vf', 'scale=2:1:flags=area']
  const [left = 0, right = 0] = execFileSync('ffmpeg', [...args, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'])
  return [left, right]
}

async function cut(cameraId: string, fromMs: number, toMs: number, file: string) {
  const clip = await box.recording.cutClip({ cameraId, fromMs, toMs, file })
  return { ...clip, path: join(box.dataDir, 'media', clip.file) }
}

describe('clips of single pictures', () => {
  it('an MJPEG camera has a clip that browsers play, as long as it was and with what was seen when', async () => {
    const { id } = await addCamera(box, { kind: 'mjpeg', url: `${camera.url}/video.mjpg` }, 'Porch')
    await untilState(box, id, 'live')
    await wait(2_500)
    const changedAtMs = Date.now()
    camera.change()
    await wait(2_500)
    const clip = await cut(id, changedAtMs - 2_000, changedAtMs + 2_000, 'clips/mjpeg.mp4')
    const { stream, durationS } = probe(clip.path)
    assert.equal(stream.codec_name, 'h264')
    assert.equal(stream.width, 640)
    assert.ok(Math.abs(durationS - clip.durationMs / 1_000) < 0.3, `${durationS} s, said ${clip.durationMs} ms`)
    assert.ok(durationS > 3.5 && durationS < 5, `${durationS} s`)
    assert.ok(Number(stream.nb_read_frames) >= 8, `${stream.nb_read_frames} pictures`)
    assert.ok(clip.startsAt <= changedAtMs - 2_000 && clip.startsAt > changedAtMs - 3_500)
    const atS = (changedAtMs - clip.startsAt) / 1_000
    const [before] = halvesAt(clip.path, Math.max(0, atS - 1))
    const [afterwards] = halvesAt(clip.path, atS + 1)
    assert.ok(Math.abs(before - afterwards) > 8, `${before} before, ${afterwards} after the change`)
    await box.ask(`/api/cameras/${id}`, { method: 'DELETE' })
    await until('its pictures to go', () => !readdirSync(join(box.dataDir, 'media', 'buffer')).includes(id))
  })

  it('a camera that is asked for stills too, and one torn file spoils nothing', async () => {
    const { id } = await addCamera(box, { kind: 'still', url: `${camera.url}/snapshot.jpg`, intervalS: 1 }, 'Shed')
    await untilState(box, id, 'live')
    const fromMs = Date.now()
    await wait(4_500)
    writeFileSync(
      join(box.dataDir, 'media', 'buffer', id, `${fromMs + 1_500}.jpg`),
      Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    )
    const clip = await cut(id, fromMs, fromMs + 4_000, 'clips/still.mp4')
    const { durationS, stream } = probe(clip.path)
    assert.equal(stream.codec_name, 'h264')
    assert.ok(durationS > 3 && durationS < 6, `${durationS} s`)
    await box.ask(`/api/cameras/${id}`, { method: 'DELETE' })
  })

  it('what nobody shall see is black in the files already, and no clip shows both kinds', async () => {
    const { id } = await addCamera(box, { kind: 'mjpeg', url: `${camera.url}/video.mjpg` }, 'Window')
    await untilState(box, id, 'live')
    await wait(1_500)
    assert.ok(filesOf(id).every((name) => /^\d+\.jpg$/.test(name)))
    const left = [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ].map(([x, y]) => ({ x, y }))
    const now = (await box.ask(`/api/cameras/${id}/zones`)).json() as unknown as { revision: number }
    const masks = { privacyMasks: [{ name: 'Neighbours', shape: left }] }
    const send = {
      zones: [],
      lines: [],
      ignored: [],
      motionMasks: [],
      limits: [],
      ...masks,
      revision: now.revision,
      recorded: 'keep',
    }
    const reply = await box.ask(`/api/cameras/${id}/zones`, { method: 'PUT', send })
    assert.equal(reply.status, 200, reply.text)
    const maskedFromMs = Date.now()
    const plain = filesOf(id).filter((name) => !name.includes('masked'))
    await untilState(box, id, 'live')
    await wait(4_000)
    assert.deepEqual(
      filesOf(id).filter((name) => !name.includes('masked')),
      plain,
      'nothing is kept unmasked from then on',
    )
    const clip = await cut(id, maskedFromMs - 1_000, maskedFromMs + 3_000, 'clips/masked.mp4')
    for (const atS of [0, 1, 2]) {
      const [dark, bright] = halvesAt(clip.path, atS)
      assert.ok(dark < 24 && bright > 40, `${dark} and ${bright} at ${atS} s`)
    }
    await box.ask(`/api/cameras/${id}`, { method: 'DELETE' })
  })
})
