// How much of a bare ONNX Runtime loop is left when a frame goes the product's whole way: copy, hand-over to the thread,
// scaling, model, decoding, answer. Same file, same session options, one thread each; short turns A B A B.
import { DEFAULT_MODEL_FILE, buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { createPictureWriter } from '../../appliance/src/vision/picture-tensor.ts'
import { dataFile } from '../vision/data.ts'
import { startDetector } from '../vision/detectors.ts'
import { isQuick, median, report } from './report.ts'
import { openBareSession } from './support/bare-session.ts'

const TURNS = isQuick ? 40 : 120
const RUNS_A_TURN = 6
const [WIDTH, HEIGHT] = [640, 360]

/** A picture with some structure, so that there are boxes to decode. */
function drawFrame(): Uint8Array {
  const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128)
  for (let i = 0; i < WIDTH * HEIGHT; i++) data[i] = 60 + (((i % WIDTH) ^ Math.floor(i / WIDTH)) % 160)
  return data
}

interface Turn {
  wallMs: number
  cpuMs: number
}

async function turn(run: () => Promise<unknown>): Promise<Turn> {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  for (let i = 0; i < RUNS_A_TURN; i++) await run()
  const { user, system } = process.cpuUsage(cpuBefore)
  return { wallMs: (performance.now() - startedAt) / RUNS_A_TURN, cpuMs: (user + system) / 1_000 / RUNS_A_TURN }
}

await buildDefaultModel()
const file = dataFile('models/yolox_nano_416.onnx') ?? DEFAULT_MODEL_FILE
const bare = await openBareSession(file)
const { detector } = await startDetector([{ name: 'bench', file }])
const frame = drawFrame()
const tensor = new Float32Array(bare.recipe.inputDims.reduce((product, size) => product * size, 1))
const writer = createPictureWriter(bare.recipe.picture, WIDTH, HEIGHT)
writer.pad(tensor)
writer.write(frame, tensor)

const runBare = (): Promise<unknown> => bare.run(tensor)
// As the pipeline does it: one copy into a buffer that then travels to the thread and back.
let buffer = new Uint8Array(frame.length)
const runProduct = async (): Promise<void> => {
  buffer.set(frame)
  const result = await detector.look({ width: WIDTH, height: HEIGHT, data: buffer }, 0.25)
  buffer = result.data as Uint8Array<ArrayBuffer>
}

await turn(runBare)
await turn(runProduct)
const bareTurns: Turn[] = []
const productTurns: Turn[] = []
for (let i = 0; i < TURNS; i++) {
  bareTurns.push(await turn(runBare))
  productTurns.push(await turn(runProduct))
}
const prepareStartedAt = process.cpuUsage()
for (let i = 0; i < 200; i++) writer.write(frame, tensor)
const prepareMs = process.cpuUsage(prepareStartedAt).user / 1_000 / 200
await detector.stop()
await bare.release()

// The machine may be shared: neighbouring turns see the same neighbours, so they are compared pair by pair, and in
// processor time, which a thread that waits for its turn does not spend; wall time stands beside it.
const wallRatios = bareTurns.map((each, i) => each.wallMs / (productTurns[i]?.wallMs ?? Infinity))
const cpuRatios = bareTurns.map((each, i) => each.cpuMs / (productTurns[i]?.cpuMs ?? Infinity))
report({
  bench: 'detector',
  figures: {
    ratio_to_bare: median(cpuRatios),
    ratio_wall: median(wallRatios),
    bare_ms_p50: median(bareTurns.map(({ wallMs }) => wallMs)),
    product_ms_p50: median(productTurns.map(({ wallMs }) => wallMs)),
    prepare_cpu_ms: prepareMs,
  },
  goals: { ratio_to_bare: { atLeast: 0.9 } },
  conditions: {
    model: bare.recipe.family,
    input: bare.recipe.inputDims.join('×'),
    frame: `${WIDTH}×${HEIGHT}`,
    turns: TURNS,
    runs_a_turn: RUNS_A_TURN,
    threads: 1,
    ratio_to_bare: 'processor time, median of pairs of turns',
  },
})
