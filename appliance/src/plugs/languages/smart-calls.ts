import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { AskOptions } from '../transports/types.ts'
import { badAnswer, parseAnswer } from './json.ts'

/** One method and its parameters. Some methods refuse `null`: parameters are an object or left out. */
export interface Call {
  method: string
  params?: object
}

export interface SmartReply {
  errorCode: number
  result: unknown
}

export interface SmartCalls {
  /** Throws PLUG_REFUSED or NOT_SUPPORTED when the device says no. `outlet` '' is the device itself. */
  one(outlet: string, call: Call, options?: AskOptions): Promise<unknown>
  /** All of them in as few questions as the device takes; in the order asked, each with its own error code. */
  many(outlet: string, calls: readonly Call[]): Promise<SmartReply[]>
  /** Throws as `one` does, for a reply of `many`. */
  accept(reply: SmartReply): void
}

export interface SmartDeps {
  clock: Clock
  ask(payload: string, options?: AskOptions): Promise<string>
}

const MAX_PER_QUESTION = 5
const UNKNOWN_METHOD = -1002
/** Some firmware knows no batches (-1003: not JSON), or gives up on the whole of one. */
const BATCH_REFUSED: readonly number[] = [-1003, UNKNOWN_METHOD, 1200]

const TERMINAL = randomUUID()
const replySchema = z.looseObject({ error_code: z.number(), result: z.unknown().optional() })
const batchSchema = z.looseObject({
  responses: z.array(z.looseObject({ method: z.string(), error_code: z.number(), result: z.unknown().optional() })),
})
const childSchema = z.looseObject({ responseData: replySchema })

export function createSmartCalls({ clock, ask }: SmartDeps): SmartCalls {
  let takesBatches = true

  async function send(outlet: string, call: Call, options?: AskOptions): Promise<SmartReply> {
    const wrapped = outlet === '' ? call : { method: 'control_child', params: { device_id: outlet, requestData: call } }
    const question = { ...wrapped, request_time_milis: clock.now(), terminal_uuid: TERMINAL }
    const reply = replyOf(parseAnswer(await ask(JSON.stringify(question), options)))
    if (outlet === '' || reply.errorCode !== 0) return reply
    const child = childSchema.safeParse(reply.result)
    if (!child.success) throw badAnswer(child.error)
    return replyOf(child.data.responseData)
  }

  async function batch(outlet: string, calls: readonly Call[]): Promise<SmartReply[]> {
    const found = takesBatches && calls.length > 1 ? await askTogether(outlet, calls) : []
    const replies: SmartReply[] = []
    // What a batch leaves out after a failure is asked for by itself.
    for (const [index, call] of calls.entries()) replies.push(found[index] ?? (await send(outlet, call)))
    return replies
  }

  async function askTogether(outlet: string, calls: readonly Call[]): Promise<(SmartReply | undefined)[]> {
    const reply = await send(outlet, { method: 'multipleRequest', params: { requests: calls } })
    if (BATCH_REFUSED.includes(reply.errorCode)) {
      takesBatches = false
      return []
    }
    refuse(reply)
    const parsed = batchSchema.safeParse(reply.result)
    if (!parsed.success) throw badAnswer(parsed.error)
    const { responses } = parsed.data
    return calls.map(({ method }) => {
      const answer = responses.find((each) => each.method === method)
      return answer && replyOf(answer)
    })
  }

  return {
    accept: refuse,
    async one(outlet, call, options) {
      const reply = await send(outlet, call, options)
      refuse(reply)
      return reply.result
    },
    async many(outlet, calls) {
      const replies: SmartReply[] = []
      for (let from = 0; from < calls.length; from += MAX_PER_QUESTION)
        replies.push(...(await batch(outlet, calls.slice(from, from + MAX_PER_QUESTION))))
      return replies
    },
  }
}

function replyOf(answer: unknown): SmartReply {
  const reply = replySchema.safeParse(answer)
  if (!reply.success) throw badAnswer(reply.error)
  return { errorCode: reply.data.error_code, result: reply.data.result }
}

function refuse({ errorCode }: SmartReply): void {
  if (errorCode === 0) return
  const details = { deviceCode: errorCode }
  if (errorCode === UNKNOWN_METHOD) {
    throw new LaresError('unsupported', 'This plug cannot do that.', { code: 'NOT_SUPPORTED', details })
  }
  throw new LaresError('unavailable', `The plug refused (${errorCode}).`, { code: 'PLUG_REFUSED', details })
}
