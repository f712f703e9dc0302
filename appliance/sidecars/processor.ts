// The reference sidecar: ONNX Runtime on the processor, in a process of its own. It shows the protocol at work without
// any special chip, and keeps a model that crashes its process out of Lares. Usage: processor.ts --socket FILE --model FILE
import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { recogniseModel, type ModelRecipe } from '../src/vision/families/index.ts'

process.env['ORT_DISABLE_TELEMETRY'] = '1'
const { default: ort } = await import('onnxruntime-node')

const VERSION = 1
const KINDS = { hello: 1, look: 2, seen: 3, failed: 4, ping: 5, pong: 6 } as const
const MAX_BODY_BYTES = 16 * 1024 * 1024
const MIN_SCORE = 0.2
const NAMES = 'person,bicycle,car,motorcycle,,bus,,truck,,,,,,,bird,cat,dog'.split(',')

const { values } = parseArgs({ options: { socket: { type: 'string' }, model: { type: 'string' } } })
const { socket: path, model } = values
if (!path || !model) throw new Error('Both --socket and --model are needed.')

const session = await ort.InferenceSession.create(model, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
})
const shapes = (list: typeof session.inputMetadata) =>
  list.map((each) => ({ name: each.name, type: each.isTensor ? each.type : '', dims: each.isTensor ? each.shape : [] }))
const found = recogniseModel({ inputs: shapes(session.inputMetadata), outputs: shapes(session.outputMetadata) })
if (!found) throw new Error(`${model} is of no family that this sidecar knows.`)
const recipe: ModelRecipe = found
const { width, height, place, padding, order, isPlanar, mean, deviation } = recipe.picture
const tensor = new Float32Array(width * height * 3)

const hello = {
  ...{ protocol: 'lares-sidecar', version: VERSION, name: 'processor', model: model.split('/').at(-1) },
  input: { layout: order === 'rgb' ? 'rgb24' : 'bgr24', width, height, place, padding },
  classes: NAMES.map((name) => name || 'other'),
}

function send(to: Socket, kind: number, value?: unknown): void {
  const body = value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value))
  const header = Buffer.alloc(5)
  header.writeUInt32BE(body.length)
  header.writeUInt8(kind, 4)
  to.write(Buffer.concat([header, body]))
}

function fill(pixels: Uint8Array): void {
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = ((pixels[pixel * 3 + channel] as number) - (mean[channel] ?? 0)) / (deviation[channel] ?? 1)
      tensor[isPlanar ? channel * width * height + pixel : pixel * 3 + channel] = value
    }
  }
}

async function look(to: Socket, body: Buffer): Promise<void> {
  const id = body.readUInt32BE()
  try {
    if (body.length !== 8 + width * height * 3) throw new Error('The picture has another size than was agreed.')
    fill(body.subarray(8))
    const startedAt = performance.now()
    const input = { [recipe.inputName]: new ort.Tensor('float32', tensor, recipe.inputDims) }
    const outputs = await session.run(input, [...recipe.outputNames])
    const ms = performance.now() - startedAt
    const raw = recipe.decode(
      recipe.outputNames.map((name) => outputs[name]?.data as Float32Array),
      MIN_SCORE,
    )
    const known = raw.filter(({ cocoClass }) => NAMES[cocoClass]).slice(0, 300)
    const boxes = known.map((box) => [
      ...[box.cocoClass, Math.min(box.score, 1)],
      ...[box.left / width, box.top / height, box.right / width, box.bottom / height],
    ])
    send(to, KINDS.seen, { id, ms, boxes })
  } catch (error) {
    send(to, KINDS.failed, { id, reason: error instanceof Error ? error.message : String(error) })
  }
}

async function onMessage(from: Socket, kind: number, body: Buffer): Promise<void> {
  if (kind === KINDS.ping) return send(from, KINDS.pong)
  if (kind === KINDS.look) return look(from, body)
  const asked = kind === KINDS.hello ? (JSON.parse(body.toString()) as { versions?: number[] }) : {}
  if (asked.versions?.includes(VERSION)) return send(from, KINDS.hello, hello)
  from.destroy()
}

function converse(box: Socket): void {
  let pieces: Buffer[] = []
  let size = 0
  box.on('error', () => box.destroy())
  box.on('data', (piece) => {
    pieces.push(piece)
    size += piece.length
    for (;;) {
      if (size < 5) return
      let all = Buffer.concat(pieces, size)
      const length = all.readUInt32BE()
      if (length > MAX_BODY_BYTES) return void box.destroy()
      pieces = [all]
      if (size < 5 + length) return
      void onMessage(box, all.readUInt8(4), all.subarray(5, 5 + length)).catch(() => box.destroy())
      all = all.subarray(5 + length)
      pieces = [all]
      size = all.length
    }
  })
}

rmSync(path, { force: true })
process.umask(0o177)
createServer(converse).listen(path, () => console.log('listening'))
