// Mean average precision of every model at hand, through the product's own picture scaling and decoding.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { createPictureWriter, type YuvPicture } from '../../appliance/src/vision/picture-tensor.ts'
import { dataFile, NO_DATA } from '../vision/data.ts'
import { meanAveragePrecision, suppressSameClass, type ScoredBox, type TrueBox } from './support/average-precision.ts'
import { openBareSession } from './support/bare-session.ts'
import { report } from './report.ts'

const MIN_SCORE = 0.02
const SUPPRESS_AT = 0.65
const LONGEST_SIDE = 640

interface Picture extends YuvPicture {
  truth: TrueBox[]
}

async function loadPictures(folder: string): Promise<Picture[]> {
  const files = readdirSync(join(folder, 'images')).sort()
  const pictures: Picture[] = []
  for (const [index, file] of files.entries()) {
    const path = join(folder, 'images', file)
    const { width: fullWidth = 0, height: fullHeight = 0 } = await sharp(path).metadata()
    const scale = Math.min(1, LONGEST_SIDE / Math.max(fullWidth, fullHeight))
    const even = (size: number): number => Math.round((size * scale) / 2) * 2
    const [width, height] = [even(fullWidth), even(fullHeight)]
    const args = ['-nostdin', '-v', 'error', '-i', path, '-vf', `scale=${width}:${height}`]
    const data = execFileSync('ffmpeg', [...args, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'], {
      maxBuffer: 1e9,
    })
    const label = join(folder, 'labels', file.replace(/\.\w+$/, '.txt'))
    pictures.push({ width, height, data: new Uint8Array(data), truth: readTruth(label, index) })
  }
  return pictures
}

function readTruth(file: string, picture: number): TrueBox[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => {
    const [name = 0, x = 0, y = 0, width = 0, height = 0] = line.split(/\s+/).map(Number)
    return {
      picture,
      class: name,
      left: x - width / 2,
      top: y - height / 2,
      right: x + width / 2,
      bottom: y + height / 2,
    }
  })
}

async function measure(file: string, pictures: readonly Picture[]): Promise<number> {
  const { recipe, run, release } = await openBareSession(file)
  const tensor = new Float32Array(recipe.inputDims.reduce((product, size) => product * size, 1))
  const found: ScoredBox[] = []
  for (const [picture, { width, height, data }] of pictures.entries()) {
    const writer = createPictureWriter(recipe.picture, width, height)
    writer.pad(tensor)
    writer.write(data, tensor)
    const { left, top, width: placedWidth, height: placedHeight } = writer.placement
    const boxes = recipe.decode(await run(tensor), MIN_SCORE).map((box) => ({
      picture,
      class: box.cocoClass,
      score: box.score,
      left: (box.left - left) / placedWidth,
      right: (box.right - left) / placedWidth,
      top: (box.top - top) / placedHeight,
      bottom: (box.bottom - top) / placedHeight,
    }))
    found.push(...suppressSameClass(boxes, SUPPRESS_AT))
  }
  await release()
  return meanAveragePrecision(
    found,
    pictures.flatMap(({ truth }) => truth),
  )
}

const folder = dataFile('coco-permissive')
const figures: Record<string, number> = {}
if (folder) {
  const pictures = await loadPictures(folder)
  const models = {
    map50_yolox_nano: dataFile('models/yolox_nano_416.onnx'),
    map50_nanodet: dataFile('models/nanodet_m_416_opencvzoo.onnx'),
    map50_centernet: await buildDefaultModel(),
  }
  for (const [key, file] of Object.entries(models)) if (file) figures[key] = await measure(file, pictures)
  const goals = {
    map50_yolox_nano: { atLeast: 0.529 },
    map50_nanodet: { atLeast: 0.506 },
    map50_centernet: { atLeast: 0.551 },
  }
  const conditions = {
    pictures: pictures.length,
    set: 'coco-permissive',
    suppression: SUPPRESS_AT,
    min_score: MIN_SCORE,
  }
  report({ bench: 'accuracy', figures, goals, conditions })
} else console.log(NO_DATA)
