import { SHARE_ENV, Worker } from 'node:worker_threads'
import { sleep, type Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import { LookFailed, type LookResult } from './backends/backend.ts'
import type { YuvPicture } from './picture-tensor.ts'
import type { FromWorker, Opened, ToWorker } from './worker-protocol.ts'

/** One worker thread with at most one question under way. */
export interface DetectorThread {
  /** Throws `invalid` when the file is at fault, `unavailable` when the thread died. */
  open(modelFile: string, threads: number, ruledOut: Readonly<Record<string, string>>): Promise<Opened>
  /** Takes the picture's buffer over. Throws `unavailable` when the provider failed or the thread died. */
  look(picture: YuvPicture, minScore: number): Promise<LookResult>
  /** Resolves with the reason once the thread has ended by itself; never rejects. */
  readonly died: Promise<string>
  /** `hung`: its answer is not waited for; the thread is let go and ends with its answer, if that ever comes. */
  end(hung?: boolean): Promise<void>
}

/** On a small processor a large model may take seconds; so many times its measured time is no work any more. */
const SHORTEST_PATIENCE_MS = 5_000
const LONGEST_PATIENCE_MS = 20_000
const PATIENCE = 40
const OPEN_TIMEOUT_MS = 120_000
const END_PATIENCE_MS = 8_000

/** The source while it runs unbuilt, the compiled file beside it in the image. */
export const DETECTOR_WORKER_FILE = new URL(`./detector-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** A thread that is ended inside the native library takes the whole process down (SIGABRT): its answer is waited for. */
async function answerOrPatience(answer: Promise<unknown>, clock: Clock): Promise<void> {
  const answered = new AbortController()
  const done = (): void => answered.abort()
  answer.then(done, done)
  await sleep(clock, END_PATIENCE_MS, answered.signal)
}

export function startDetectorThread(clock: Clock, file = DETECTOR_WORKER_FILE): DetectorThread {
  // A thread's own copy of the environment would hide ORT_DISABLE_TELEMETRY from the native library.
  const worker = new Worker(file, { name: 'detector', env: SHARE_ENV })
  const asker = createAsker(worker, clock)
  let nextId = 0
  let patienceMs = LONGEST_PATIENCE_MS

  return {
    died: asker.died,
    async open(modelFile, threads, ruledOut) {
      const reply = await asker.ask({ kind: 'open', modelFile, threads, ruledOut }, OPEN_TIMEOUT_MS)
      if (reply.kind === 'opened') {
        patienceMs = patienceOf(reply.opened.inferenceMs)
        return reply.opened
      }
      if (reply.kind === 'not-opened') throw new LaresError('invalid', reply.message, { code: reply.code })
      throw new LaresError('internal', 'The detector answered out of turn.')
    },
    async look({ width, height, data }, minScore) {
      const question: ToWorker = { kind: 'look', id: nextId++, width, height, data, minScore }
      const reply = await asker.ask(question, patienceMs, [data.buffer as ArrayBuffer])
      if (reply.kind === 'seen') return reply
      if (reply.kind === 'look-failed') throw new LookFailed(reply.message, reply.data)
      throw new LaresError('unavailable', 'The detector answered out of turn.', { code: 'LOOK_FAILED' })
    },
    async end(hung = false) {
      if (hung || asker.isHung()) return asker.letGo()
      const waiting = asker.waiting()
      if (waiting) await answerOrPatience(waiting, clock)
      await worker.terminate()
    },
  }
}

interface Asker {
  ask(message: ToWorker, timeoutMs: number, transfer?: ArrayBuffer[]): Promise<FromWorker>
  /** The answer that is still to come, or null. */
  waiting(): Promise<FromWorker> | null
  readonly died: Promise<string>
  isHung(): boolean
  /** Ends the thread with its next answer. */
  letGo(): void
}

const patienceOf = (inferenceMs: number): number =>
  Math.min(LONGEST_PATIENCE_MS, Math.max(SHORTEST_PATIENCE_MS, inferenceMs * PATIENCE))

/** One question at a time; a thread whose answer does not come in time is let go. */
function createAsker(worker: Worker, clock: Clock): Asker {
  const died = Promise.withResolvers<string>()
  let waiting: PromiseWithResolvers<FromWorker> | null = null
  let isHung = false

  // Ending it inside the native library would take the product down: it may sleep there for good, and holds nothing up.
  function letGo(): void {
    isHung = true
    worker.unref()
    worker.once('message', () => void worker.terminate())
  }

  function giveUp(reason: string, kind: 'unavailable' | 'timeout' = 'unavailable'): void {
    died.resolve(reason)
    waiting?.reject(new LaresError(kind, reason, { code: 'DETECTOR_DIED' }))
    waiting = null
  }

  worker.on('message', (message: FromWorker) => {
    waiting?.resolve(message)
    waiting = null
  })
  worker.on('error', (error) => giveUp(`The detector stopped: ${messageOf(error)}`))
  worker.on('exit', () => giveUp('The detector stopped.'))

  return {
    died: died.promise,
    isHung: () => isHung,
    letGo,
    waiting: () => waiting?.promise ?? null,
    async ask(message, timeoutMs, transfer = []) {
      if (waiting) throw new LaresError('internal', 'The detector was asked while it was busy.')
      const answer = Promise.withResolvers<FromWorker>()
      waiting = answer
      const cancel = clock.after(timeoutMs, () => {
        letGo()
        giveUp('The detector did not answer in time.', 'timeout')
      })
      try {
        worker.postMessage(message, transfer)
        return await answer.promise
      } finally {
        cancel()
      }
    },
  }
}
