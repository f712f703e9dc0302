import {
  request as requestPlain,
  type Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { request as requestSecure } from 'node:https'
import type { Clock } from './clock.ts'
import { LaresError, systemCodeOf } from './errors.ts'

export interface WebCall {
  url: string
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers: Readonly<Record<string, string>>
  body?: Buffer
  /** Decides which roots are trusted and where may be connected to; Node's own when left out. */
  agent?: Agent | undefined
  clock: Clock
  /** From the call to the last byte of the reply. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** What comes beyond is not kept. */
  maxReplyBytes?: number
  /** A longer reply ends the call at once, with `invalid` REPLY_TOO_LONG. */
  refuseLonger?: boolean
  /** How the reply's bytes become text; `latin1` keeps each byte, for pictures. UTF-8 when left out. */
  encoding?: 'utf8' | 'latin1'
}

export interface WebReply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A call with time, roots and limits already decided: what parts take, so that tests may lead it elsewhere. */
export type WebCaller = (
  call: Pick<WebCall, 'url' | 'method' | 'headers' | 'body' | 'signal' | 'maxReplyBytes'> & { timeoutMs?: number },
) => Promise<WebReply>

const MAX_REPLY_BYTES = 16 * 1024
const STALE: readonly string[] = ['ECONNRESET', 'EPIPE']

/** One call over https or http, no redirects followed. Rejects with the socket's error, or `timeout`. Any status is an answer. */
export async function webCall(call: WebCall): Promise<WebReply> {
  try {
    return await callOnce(call)
  } catch (error) {
    // The server closed an idle kept-alive connection just as we wrote to it: nothing was read there, ask anew.
    if (!(error as { onReusedSocket?: boolean }).onReusedSocket) throw error
    return callOnce(call)
  }
}

function begin({ url, method, headers, body, agent }: WebCall): ReturnType<typeof requestSecure> {
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  const options: RequestOptions = { method, headers: { ...headers, ...length }, ...(agent && { agent }) }
  return url.startsWith('http:') ? requestPlain(url, options) : requestSecure(url, options)
}

function readReply(
  reply: IncomingMessage,
  { limit, encoding }: { limit: number; encoding: 'utf8' | 'latin1' },
  done: (reply: WebReply) => void,
): void {
  const chunks: Buffer[] = []
  let kept = 0
  reply.on('data', (chunk: Buffer) => {
    if (kept < limit) chunks.push(chunk)
    kept += chunk.length
  })
  reply.on('end', () => {
    const body = Buffer.concat(chunks).subarray(0, limit).toString(encoding)
    done({ status: reply.statusCode ?? 0, headers: reply.headers, body })
  })
}

function refuseBeyond(reply: IncomingMessage, limit: number, stop: (reason: Error) => void): void {
  let came = 0
  reply.on('data', (chunk: Buffer) => {
    came += chunk.length
    if (came > limit) stop(tooLong(limit))
  })
}

function callOnce(asked: WebCall): Promise<WebReply> {
  const { body, clock, timeoutMs, signal, maxReplyBytes = MAX_REPLY_BYTES, encoding = 'utf8' } = asked
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(stopped())
    const call = begin(asked)
    // Once the answer has begun, ending the call is told by the answer's error, without the reason.
    let why: Error | null = null
    let answered = false
    const stop = (reason: Error): void => {
      why ??= reason
      call.destroy(reason)
    }
    const onAbort = (): void => stop(stopped())
    const cancel = clock.after(timeoutMs, () => stop(tookTooLong(timeoutMs)))
    signal?.addEventListener('abort', onAbort, { once: true })
    const end = (): void => {
      cancel()
      signal?.removeEventListener('abort', onAbort)
    }
    const fail = (error: Error): void => {
      end()
      const stale = why === null && !answered && call.reusedSocket && STALE.includes(systemCodeOf(error) ?? '')
      reject(stale ? Object.assign(error, { onReusedSocket: true }) : (why ?? error))
    }
    call.on('error', fail)
    call.on('response', (reply) => {
      answered = true
      reply.on('error', fail)
      if (asked.refuseLonger) refuseBeyond(reply, maxReplyBytes, stop)
      readReply(reply, { limit: maxReplyBytes, encoding }, (whole) => {
        end()
        resolve(whole)
      })
    })
    call.end(body)
  })
}

function stopped(): LaresError {
  return new LaresError('unavailable', 'Stopped before the answer came.', { code: 'STOPPED' })
}

function tookTooLong(timeoutMs: number): LaresError {
  return new LaresError('timeout', `No answer within ${Math.round(timeoutMs / 1000)} seconds.`)
}

function tooLong(maxBytes: number): LaresError {
  return new LaresError('invalid', `The answer is longer than ${maxBytes} bytes.`, { code: 'REPLY_TOO_LONG' })
}
