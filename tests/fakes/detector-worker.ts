// Stands in for the detector's thread. The name of the model file says how it behaves; every look sees one person whose
// score is the first pixel ÷ 255, so that a test controls what is seen.
import { parentPort, threadId } from 'node:worker_threads'
import type { FromWorker, ToWorker } from '../../appliance/src/vision/worker-protocol.ts'

let modelFile = ''
let provider = 'cpu'
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer)

function open(message: ToWorker & { kind: 'open' }): void {
  modelFile = message.modelFile
  if (modelFile.includes('broken'))
    return send({ kind: 'not-opened', code: 'MODEL_BROKEN', message: 'The model file is damaged or no ONNX model.' })
  const usesCuda = modelFile.includes('cuda') && message.ruledOut['cuda'] === undefined
  provider = usesCuda ? 'cuda' : 'cpu'
  const tried = [
    {
      provider: 'cuda',
      outcome: usesCuda ? ('chosen' as const) : ('not-available' as const),
      reason: message.ruledOut['cuda'] ?? 'It works.',
      inferenceMs: null,
    },
    {
      provider: 'cpu',
      outcome: usesCuda ? ('works' as const) : ('chosen' as const),
      reason: 'It works.',
      inferenceMs: threadId,
    },
  ]
  send({
    kind: 'opened',
    opened: { family: 'fake', inputWidth: 8, inputHeight: 8, provider, inferenceMs: threadId, tried },
  })
}

function look({ id, data }: ToWorker & { kind: 'look' }): void {
  if (modelFile.includes('hangs') && data[0] === 13) return
  if (modelFile.includes('dies') && data[0] === 13) process.exit(1)
  if (modelFile.includes('throws') && data[0] === 13) throw new Error('out of memory')
  const transfer = [data.buffer as ArrayBuffer]
  if (provider === 'cuda' || (modelFile.includes('fails') && data[0] === 13)) {
    return send({ kind: 'look-failed', id, message: 'device lost', data }, transfer)
  }
  const score = (data[0] ?? 0) / 255
  const detections = [{ class: 'person' as const, score, box: { x: 0.4, y: 0.4, width: 0.1, height: 0.3 } }]
  send({ kind: 'seen', id, detections, inferenceMs: 1, data }, transfer)
}

parentPort?.on('message', (message: ToWorker) => (message.kind === 'open' ? open(message) : look(message)))
