import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { it } from 'node:test'
import type { Frame } from '../../appliance/src/media/index.ts'
import { drawnClip } from '../fakes/clip.ts'
import { startRtspServer, type SentPicture } from '../fakes/rtsp-server.ts'
import { addCamera, startBox, until } from './box.ts'

const PIXELS = 640 * 360

/** Which picture of the source a frame shows. */
function sourceIndex(frame: Frame, source: Buffer): number {
  const difference = (n: number): number => {
    let sum = 0
    for (let at = 0; at < PIXELS; at += 97) sum += Math.abs((frame.data[at] ?? 0) - (source[n * PIXELS + at] ?? 0))
    return sum
  }
  const all = Array.from({ length: source.length / PIXELS }, (_, n) => difference(n))
  return all.indexOf(Math.min(...all))
}

it('a picture reaches the listeners within 150 ms of leaving the camera, five times a second', async () => {
  const file = await drawnClip()
  const grayArgs = ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray', '-']
  const source = execFileSync('ffmpeg', grayArgs, { maxBuffer: 1e9 })
  const rtsp = await startRtspServer({ file })
  const box = await startBox()
  try {
    const sent: SentPicture[] = []
    const got: { frame: Frame; atMs: number }[] = []
    rtsp.onSent((picture) => sent.push(picture))
    box.cameras.onFrame((frame) => got.push({ frame: { ...frame, data: frame.data.slice() }, atMs: performance.now() }))
    await addCamera(box, { kind: 'rtsp', url: rtsp.url })
    await until('some frames', () => got.length >= 25)
    const latencies = got.map(({ frame, atMs }) => {
      const index = sourceIndex(frame, source)
      const left = sent.findLast((picture) => picture.index === index && picture.sentAtMs <= atMs)
      return atMs - (left?.sentAtMs ?? Number.NEGATIVE_INFINITY)
    })
    const [median = Infinity] = latencies.toSorted((a, b) => a - b).slice(latencies.length >> 1)
    console.log(`camera to listener: median ${median.toFixed(0)} ms, most ${Math.max(...latencies).toFixed(0)} ms`)
    assert.ok(median <= 150, `median ${median} ms`)
    const spanMs = (got.at(-1)?.atMs ?? 0) - (got[0]?.atMs ?? 0)
    const rate = (got.length - 1) / (spanMs / 1_000)
    assert.ok(rate > 4.5 && rate < 5.5, `${rate} frames a second`)
    assert.deepEqual(
      got.map(({ frame }) => frame.sequence),
      got.map((_, n) => n),
    )
    assert.deepEqual([got[0]?.frame.width, got[0]?.frame.height], [640, 360])
  } finally {
    await box.remove()
    await rtsp.stop()
  }
})
