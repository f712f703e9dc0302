// What crops bring: how many small persons are found in a look at the whole picture, in the tight and the wide crop that
// motion in an unknown place gets by turns, in the crop of a place whose usual sizes are known, and in the same crop of a picture twice as wide. And what they cost:
// looks a second of the synthetic yard at five pictures a second.
import { iou } from '../../appliance/src/vision/boxes.ts'
import { buildDefaultModel, DEFAULT_MODEL_FILE } from '../../appliance/src/vision/index.ts'
import { createPictureWriter, type YuvPicture } from '../../appliance/src/vision/picture-tensor.ts'
import { bytesOf, cutOut, toFrame, type Region } from '../../appliance/src/vision/regions/crop.ts'
import { planRegions } from '../../appliance/src/vision/regions/plan.ts'
import { createSizeGrid } from '../../appliance/src/vision/regions/size-grid.ts'
import { suppress, toDetections } from '../../appliance/src/vision/suppress.ts'
import { BIRTH_SCORE, MIN_SCORE } from '../../appliance/src/vision/tracking/match.ts'
import type { Detection } from '../../appliance/src/vision/types.ts'
import { createCameraWatch, type SeenRegion } from '../../appliance/src/vision/watch-camera.ts'
import { dataFile, decodeClip, NO_DATA } from '../vision/data.ts'
import { isQuick, report } from './report.ts'
import { openBareSession } from './support/bare-session.ts'
import { pasteYards, type PastedYard } from './support/pasted-persons.ts'

const HEIGHTS = isQuick ? [0.06, 0.1] : [0.04, 0.06, 0.08, 0.1, 0.15]
const [USUAL, WIDE] = [640, 1_280]
const FOUND_IOU = 0.4
const YARD_SECONDS = 40

interface Model {
  inputSide: number
  look(picture: YuvPicture): Promise<Detection[]>
}

async function openModel(file: string): Promise<Model> {
  const { recipe, run } = await openBareSession(file)
  const tensor = new Float32Array(recipe.inputDims.reduce((product, size) => product * size, 1))
  return {
    inputSide: Math.max(recipe.picture.width, recipe.picture.height),
    async look({ width, height, data }) {
      const writer = createPictureWriter(recipe.picture, width, height)
      writer.pad(tensor)
      writer.write(data, tensor)
      return suppress(toDetections(recipe.decode(await run(tensor), MIN_SCORE), writer.placement))
    },
  }
}

const wholeOf = ({ width, height }: YuvPicture): Region => ({ left: 0, top: 0, width, height })

/** The crop that motion over exactly this person gets. */
function cropFor(picture: YuvPicture, { person }: PastedYard, model: Model, place: 'known' | 'tight' | 'wide'): Region {
  const sizeAt = (): number | null => (place === 'known' ? person.height : null)
  const wanted = [{ box: person, isWholeThing: false }]
  const [planned] = planRegions(wanted, {
    ...picture,
    inputSide: model.inputSide,
    sizeAt,
    turn: place === 'wide' ? 1 : 0,
  })
  return planned?.region ?? wholeOf(picture)
}

async function isFound(model: Model, picture: YuvPicture, region: Region, yard: PastedYard): Promise<boolean> {
  const seen = await model.look(cutOut(picture, region, new Uint8Array(bytesOf(region))))
  return seen
    .map((each) => toFrame(each, region, picture))
    .some((each) => each.class === 'person' && each.score >= BIRTH_SCORE && iou(each.box, yard.person) >= FOUND_IOU)
}

async function recallAt(height: number, model: Model, photos: string, clip: string): Promise<Record<string, number>> {
  const found = { whole: 0, tight: 0, wide: 0, known_place: 0, known_place_1280: 0 }
  let yards = 0
  for await (const yard of pasteYards(photos, clip, height, [USUAL, WIDE])) {
    const [usual, wide] = [yard.pictures.get(USUAL), yard.pictures.get(WIDE)]
    if (!usual || !wide) continue
    yards++
    if (await isFound(model, usual, wholeOf(usual), yard)) found.whole++
    if (await isFound(model, usual, cropFor(usual, yard, model, 'tight'), yard)) found.tight++
    if (await isFound(model, usual, cropFor(usual, yard, model, 'wide'), yard)) found.wide++
    if (await isFound(model, usual, cropFor(usual, yard, model, 'known'), yard)) found.known_place++
    if (await isFound(model, wide, cropFor(wide, yard, model, 'known'), yard)) found.known_place_1280++
  }
  const percent = Math.round(height * 100)
  return Object.fromEntries(Object.entries(found).map(([way, count]) => [`recall_${percent}_${way}`, count / yards]))
}

/** Looks, and frames looked at, of the synthetic yard. */
async function costOf(model: Model, clip: string): Promise<Record<string, number>> {
  let [looks, frames, ids] = [0, 0, 0]
  const watch = createCameraWatch({ newId: () => `${ids++}`, sizes: createSizeGrid() })
  for (const frame of decodeClip(clip, 640, 360).slice(0, YARD_SECONDS * 5)) {
    const { shouldLook, motion } = watch.decide(frame)
    if (!shouldLook) continue
    frames++
    const seen: SeenRegion[] = []
    for (const region of watch.plan(frame, motion, 3, model.inputSide)) {
      looks++
      seen.push({ region, detections: await model.look(cutOut(frame, region, new Uint8Array(bytesOf(region)))) })
    }
    watch.conclude(frame, motion, seen)
  }
  return { yard_looks_per_s: looks / YARD_SECONDS, yard_frames_looked_at_per_s: frames / YARD_SECONDS }
}

await buildDefaultModel()
const clips = { large: dataFile('video/synthetic-yard-720p15.mp4'), small: dataFile('video/synthetic-yard-360p15.mp4') }
const photos = dataFile('coco-permissive')
if (!clips.large || !clips.small || !photos) console.log(NO_DATA)
else {
  const nano = dataFile('models/yolox_nano_416.onnx')
  const model = await openModel(nano ?? DEFAULT_MODEL_FILE)
  let figures: Record<string, number> = {}
  for (const height of HEIGHTS) figures = { ...figures, ...(await recallAt(height, model, photos, clips.large)) }
  figures = { ...figures, ...(await costOf(model, clips.small)) }
  const conditions = {
    model: nano ? 'YOLOX-Nano 416' : 'CenterNet 512',
    frame: '640×360',
    found: `score ≥ ${BIRTH_SCORE}, IoU ≥ ${FOUND_IOU}`,
  }
  report({
    bench: 'regions',
    figures,
    conditions: { ...conditions, persons: 'pasted into the yard, height in % of it' },
  })
}
