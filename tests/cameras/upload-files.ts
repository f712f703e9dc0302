// Pictures as cameras send them, and files as nobody should.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { drawnClip } from '../fakes/clip.ts'

/** Noise, so that it is large enough to be a whole picture; each one different. */
export async function jpegFile(width = 640, height = 360, format: 'jpeg' | 'png' = 'jpeg'): Promise<Buffer> {
  const raw = { raw: { width, height, channels: 3 as const } }
  const picture = sharp(randomBytes(width * height * 3), raw)
  return format === 'jpeg' ? picture.jpeg({ quality: 80 }).toBuffer() : picture.png().toBuffer()
}

export async function clipFile(seconds = 3, codec: 'h264' | 'mjpeg' = 'h264'): Promise<Buffer> {
  return readFile(await drawnClip({ seconds, what: 'boxes', codec }))
}

/** A PNG of a few bytes that says it is 30,000 pixels a side. */
export async function bombFile(): Promise<Buffer> {
  const side = 30_000
  const blank = sharp({
    create: { width: side, height: side, channels: 3, background: '#000' },
    limitInputPixels: false,
  })
  const png = await blank.png({ compressionLevel: 9 }).toBuffer()
  return png
}
