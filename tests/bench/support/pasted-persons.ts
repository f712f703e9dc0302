// Yards with one small person in each: real people of ../shared/data, cut out softly and made small. The truth is known.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Box } from '../../../appliance/src/api/common.ts'
import type { YuvPicture } from '../../../appliance/src/vision/picture-tensor.ts'

export interface PastedYard {
  /** The same scene as a camera of each width would send it. */
  pictures: ReadonlyMap<number, YuvPicture>
  person: Box
}

const [WIDTH, HEIGHT] = [1_280, 720]
/** Only people that are well visible: tall boxes that the photo's edge does not cut. */
const LEAST_PIXELS = 130
const SLIMMEST = 1.7
const WIDEST = 4.5

interface CutOut {
  file: string
  left: number
  top: number
  width: number
  height: number
}

async function findPeople(folder: string): Promise<CutOut[]> {
  const people: CutOut[] = []
  for (const name of readdirSync(join(folder, 'images')).sort()) {
    const file = join(folder, 'images', name)
    const { width: full = 0, height: tall = 0 } = await sharp(file).metadata()
    for (const line of readFileSync(join(folder, 'labels', name.replace('.jpg', '.txt')), 'utf8').split('\n')) {
      const [kind, x = 0, y = 0, w = 0, h = 0] = line.split(' ').map(Number)
      const [width, height] = [Math.round(w * full), Math.round(h * tall)]
      const [left, top] = [Math.round((x - w / 2) * full), Math.round((y - h / 2) * tall)]
      const isWhole = left > 2 && top > 2 && left + width < full - 2 && top + height < tall - 2
      const shape = height / width
      if (line !== '' && kind === 0 && isWhole && height >= LEAST_PIXELS && shape >= SLIMMEST && shape <= WIDEST)
        people.push({ file, left, top, width, height })
    }
  }
  return people
}

/** The person at this height, its corners faded out, so that no hard rectangle is pasted. */
async function cutOut({ file, ...place }: CutOut, height: number): Promise<{ data: Buffer; width: number }> {
  const width = Math.max(4, Math.round((place.width / place.height) * height))
  const colours = await sharp(file).extract(place).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer()
  const data = Buffer.alloc(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [(2 * (x + 0.5)) / width - 1, (2 * (y + 0.5)) / height - 1]
      const away = Math.pow(Math.abs(dx), 3) + Math.pow(Math.abs(dy), 6)
      colours.copy(data, (y * width + x) * 4, (y * width + x) * 3, (y * width + x) * 3 + 3)
      data[(y * width + x) * 4 + 3] = Math.round(255 * Math.max(0, Math.min(1, 3 * (1.15 - away))))
    }
  }
  return {
    data: await sharp(data, { raw: { width, height, channels: 4 } })
      .png()
      .toBuffer(),
    width,
  }
}

function yuvOf(png: Buffer, width: number): YuvPicture {
  const height = (width * HEIGHT) / WIDTH
  const scale = `scale=${width}:${height}:flags=area:out_range=tv:out_color_matrix=bt601`
  const args = ['-nostdin', '-v', 'error', '-f', 'png_pipe', '-i', 'pipe:0', '-vf', scale]
  const options = { input: png, maxBuffer: 1e8 }
  const data = execFileSync('ffmpeg', [...args, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'], options)
  return { width, height, data: new Uint8Array(data) }
}

/** One yard for each person, the height in fractions of the picture. Places come from a fixed seed. */
export async function* pasteYards(
  folder: string,
  clip: string,
  height: number,
  widths: readonly number[],
): AsyncGenerator<PastedYard> {
  const pixels = Math.round(height * HEIGHT)
  const still = execFileSync('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-i', clip, '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', 'pipe:1'],
  ])
  let seed = 7
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
  for (const person of await findPeople(folder)) {
    const { data, width } = await cutOut(person, pixels)
    const left = Math.round(random() * (WIDTH - width))
    const top = Math.round((0.35 + random() * 0.5) * (HEIGHT - pixels))
    const yard = await sharp(still)
      .composite([{ input: data, left, top }])
      .png({ compressionLevel: 1 })
      .toBuffer()
    const box = { x: left / WIDTH, y: top / HEIGHT, width: width / WIDTH, height: pixels / HEIGHT }
    yield { pictures: new Map(widths.map((each) => [each, yuvOf(yard, each)])), person: box }
  }
}
