import { request as plainRequest, type Agent, type IncomingHttpHeaders } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Clock } from './clock.ts'
import { LaresError, systemCodeOf } from './errors.ts'

export interface HttpPost {
  /** http: only where the agent is one for it. */
  url: string
  /** POST when left out. */
  method?: 'POST' | 'PUT'
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** Decides which roots are trusted and where may be connected to. One of plain HTTP only for an `http:` address. */
  agent: Agent
  clock: Clock
  /** From the call to the last byte of the reply. */
  timeoutMs: number
  signal?: AbortSignal
  /** What comes beyond is not kept. */
  maxReplyBytes?: number
  /** A longer reply ends the call at once, with `invalid` REPLY_TOO_LONG. */
  refuseLonger?: boolean
}

export interface HttpReply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

const MAX_REPLY_BYTES = 16 * 1024
const STALE: readonly string[] = ['ECONNRESET', 'EPIPE']

/** One request with a body, no redirects followed. Rejects with the socket's error, or `timeout`. Any status is an answer. */
export async function httpPost(post: HttpPost): Promise<HttpReply> {
  try {
    return await postOnce(post)
  } catch (error) {
    // The server closed an idle kept-alive connection just as we wrote to it: nothing was read there, ask anew.
    if (!(error as { onReusedSocket?: boolean }).onReusedSocket) throw error
    return postOnce(post)
  }
}

function postOnce(post: HttpPost): Promise<HttpReply> {
  const { url, method = 'POST', headers, body, agent, clock, timeoutMs, signal, maxReplyBytes = MAX_REPLY_BYTES } = post
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(stopped())
    const request = url.startsWith('http:') ? plainRequest : secureRequest
    const call = request(url, { method, agent, headers: { ...headers, 'content-length': String(body.length) } })
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
      const chunks: Buffer[] = []
      let kept = 0
      answered = true
      reply.on('data', (chunk: Buffer) => {
        if (kept < maxReplyBytes) chunks.push(chunk)
        kept += chunk.length
        if (post.refuseLonger && kept > maxReplyBytes) stop(tooLong(maxReplyBytes))
      })
      reply.on('error', fail)
      reply.on('end', () => {
        end()
        const text = Buffer.concat(chunks).subarray(0, maxReplyBytes).toString()
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: text })
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
