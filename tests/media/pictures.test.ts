import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { it } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { encodeJpeg } from '../../appliance/src/media/jpeg.ts'
import { createPictureReader, type Picture } from '../../appliance/src/media/picture-reader.ts'
import { canBeRecorded, readStreamInfo } from '../../appliance/src/media/stream-info.ts'
import { yuvToRgb } from '../../appliance/src/media/yuv-to-rgb.ts'

function stream(width: number, height: number, pictures: readonly Uint8Array[], parameters = ''): Buffer {
  const header = `YUV4MPEG2 W${width} H${height} F5:1 Ip A1:1 C420jpeg XYSCSS=420JPEG\n`
  return Buffer.concat([
    Buffer.from(header),
    ...pictures.flatMap((each) => [Buffer.from(`FRAME${parameters}\n`), each]),
  ])
}

function read(chunks: readonly Uint8Array[]): Picture[] {
  const pictures: Picture[] = []
  const reader = createPictureReader((picture) => void pictures.push(picture))
  for (const chunk of chunks) reader.push(chunk)
  return pictures
}

it('puts pictures together whatever pieces they come in', () => {
  const sides = fc.integer({ min: 1, max: 8 }).map((half) => half * 2)
  const cuts = fc.array(fc.nat(2_000), { maxLength: 12 })
  fc.assert(
    fc.property(sides, sides, fc.integer({ min: 1, max: 5 }), cuts, (width, height, count, at) => {
      const size = (width * height * 3) / 2
      const pictures = Array.from({ length: count }, (_, n) =>
        new Uint8Array(size).map((_byte, i) => (n * 31 + i) & 0xff),
      )
      const bytes = stream(width, height, pictures)
      const ends = [...at.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length]
      const chunks = ends.map((end, n) => bytes.subarray(ends[n - 1] ?? 0, end))
      assert.deepEqual(
        read(chunks),
        pictures.map((data) => ({ width, height, data })),
      )
    }),
  )
})

it('every picture has bytes of its own', () => {
  const bytes = stream(2, 2, [Uint8Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(6, 5, 4, 3, 2, 1)])
  const [first, second] = read([bytes])
  bytes.fill(0)
  assert.deepEqual([...(first?.data ?? [])], [1, 2, 3, 4, 5, 6])
  assert.notEqual(first?.data.buffer, second?.data.buffer)
})

it('takes memory back after the promised number of pictures: what was lent is then empty, never another picture', () => {
  const pictures: Picture[] = []
  const reader = createPictureReader((picture) => void pictures.push(picture), { takeBackAfter: 3 })
  const sent = Array.from({ length: 8 }, (_, n) => new Uint8Array(6).fill(n + 1))
  for (const chunk of [stream(2, 2, sent)]) reader.push(chunk)
  assert.deepEqual(
    pictures.map(({ data }) => (data.length === 0 ? [] : [...data])),
    [[], [], [], [], [], ...sent.slice(5).map((each) => [...each])],
  )
})

it('refuses what is no row of pictures', () => {
  const bad = [
    ...[
      'RIFF\n',
      'YUV4MPEG2 W3 H2 C420\n',
      'YUV4MPEG2 W2 H2 C444\n',
      'YUV4MPEG2 W99999 H2\n',
      `YUV4MPEG2 ${'x'.repeat(600)}`,
    ],
    'YUV4MPEG2 W2 H2 C420jpeg\nNOISE\n',
  ]
  for (const text of bad) assert.throws(() => read([Buffer.from(text)]), /not a row of pictures/, text.slice(0, 30))
})

it('reads what the camera sends out of ffmpeg’s report', () => {
  const line =
    '  Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 1920x1080 [SAR 1:1 DAR 16:9], 15 fps, 15 tbr, 90k tbn'
  assert.deepEqual(readStreamInfo(line), { codec: 'h264', width: 1920, height: 1080, framesPerSecond: 15 })
  const mp4 = '  Stream #0:0[0x1](und): Video: hevc (Main) (hev1 / 0x31766568), yuvj420p(pc), 640x360, 12.5 tbr, 1k tbn'
  assert.deepEqual(readStreamInfo(mp4), { codec: 'hevc', width: 640, height: 360, framesPerSecond: 12.5 })
  assert.equal(readStreamInfo('  Stream #0:1: Audio: aac, 48000 Hz'), null)
  assert.deepEqual(['h264', 'hevc', 'mjpeg'].map(canBeRecorded), [true, true, false])
})

it('turns YUV into the colours ffmpeg makes of it', async () => {
  const [width, height] = [320, 240]
  const source = ['-f', 'lavfi', '-i', `testsrc=size=${width}x${height}`, '-frames:v', '1', '-f', 'rawvideo']
  const yuv = execFileSync('ffmpeg', ['-v', 'error', ...source, '-pix_fmt', 'yuv420p', '-'])
  const flags = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-i', '-']
  const rgb = execFileSync(
    'ffmpeg',
    ['-v', 'error', ...flags, '-vf', 'scale=flags=neighbor+accurate_rnd', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'],
    { input: yuv },
  )
  const ours = yuvToRgb(yuv, width, height)
  const differences = rgb.map((value, n) => Math.abs(value - (ours[n] ?? 0)))
  const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length
  assert.ok(mean < 3, `mean difference ${mean}`)
  const jpeg = await encodeJpeg({ width, height, data: yuv })
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
  assert.deepEqual([info.width, info.height, info.channels], [width, height, 3])
  const jpegMean = data.reduce((sum, value, n) => sum + Math.abs(value - (rgb[n] ?? 0)), 0) / data.length
  assert.ok(jpegMean < 12, `mean difference ${jpegMean}`)
})
