import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { PromptReply } from '../../../api/risk.ts'
import { sleep, type Clock } from '../../../core/clock.ts'
import { LaresError, systemCodeOf } from '../../../core/errors.ts'
import { guardedLookup } from '../../../core/guarded-lookup.ts'
import { webCall, type WebReply } from '../../../core/web-call.ts'
import { ANSWER_SCHEMA, readAnswer, type Answered } from './answer.ts'
import { whyNot, type LanguageAddress } from './address.ts'

const MAX_REPLY_BYTES = 256 * 1024
const MAX_TOKENS = 600
const RETRY_AFTER_MS = 500

export interface Question {
  prompt: PromptReply
  picture: Buffer | null
}

export interface ModelServer {
  address: Extract<LanguageAddress, { ok: true }>
  model: string
  key: string
  /** PEM; empty: known authorities alone. */
  ca: string
  /** All tries together. */
  timeoutMs: number
}

/**
 * `server`: it could not be reached or is broken, later it may work. `slow`: it took longer than it may. `answer`: it
 * answered what cannot be used. `refused`: it does not take the question, or may not be asked.
 */
export type FailureKind = 'server' | 'slow' | 'answer' | 'refused'

export type AskOutcome =
  | { ok: true; answered: Answered; latencyMs: number }
  | { ok: false; kind: FailureKind; problem: string; latencyMs: number }

class AskFailure extends LaresError {
  readonly failure: FailureKind
  constructor(failure: FailureKind, words: string) {
    super('unavailable', words)
    this.failure = failure
  }
}

/**
 * Asks once, and once more when the server could not be reached or failed and there is time left. A slow or unusable
 * answer is not asked for again: it would be the same. Never throws.
 */
export async function askModel(
  question: Question,
  server: ModelServer,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<AskOutcome> {
  const startedAt = clock.monotonic()
  const { isAllowed } = server.address
  const lookup = guardedLookup(isAllowed)
  const agent = isPlain(server) ? new HttpAgent({ lookup }) : new HttpsAgent({ lookup, ...trust(server.ca) })
  const leftMs = (): number => server.timeoutMs - (clock.monotonic() - startedAt)
  const latencyMs = (): number => Math.round(clock.monotonic() - startedAt)
  const body = Buffer.from(JSON.stringify(requestOf(question, server)))
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await post(server, { body, agent, clock, signal, timeoutMs: leftMs() })
        return { ok: true, answered: readAnswer(reply.body), latencyMs: latencyMs() }
      } catch (error) {
        const failure = failureOf(error, server)
        const again = failure.failure === 'server' && attempt === 1 && leftMs() > RETRY_AFTER_MS && !signal.aborted
        if (!again) return { ok: false, kind: failure.failure, problem: failure.message, latencyMs: latencyMs() }
        await sleep(clock, RETRY_AFTER_MS, signal)
      }
    }
  } finally {
    agent.destroy()
  }
}

const isPlain = ({ address }: ModelServer): boolean => address.url.protocol === 'http:'

const trust = (ca: string): { ca?: string[] } => (ca === '' ? {} : { ca: [...rootCertificates, ca] })

interface PostOptions {
  body: Buffer
  agent: HttpAgent | HttpsAgent
  clock: Clock
  signal: AbortSignal
  timeoutMs: number
}

async function post(server: ModelServer, options: PostOptions): Promise<WebReply> {
  const { address, key } = server
  const headers = { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }) }
  const limits = { maxReplyBytes: MAX_REPLY_BYTES, refuseLonger: true }
  const reply = await webCall({ method: 'POST', url: address.url.href, headers, ...options, ...limits })
  if (reply.status === 200) return reply
  if (reply.status >= 500 || reply.status === 429)
    throw new AskFailure('server', `The language model's server failed (${reply.status}).`)
  if (reply.status === 401 || reply.status === 403)
    throw new AskFailure('refused', "The language model's server does not accept the key.")
  throw new AskFailure('refused', `The language model's server did not take the question (${reply.status}).`)
}

function requestOf({ prompt, picture }: Question, { model }: ModelServer): Record<string, unknown> {
  const image = picture && `data:image/jpeg;base64,${picture.toString('base64')}`
  const content = image
    ? [
        { type: 'text', text: prompt.text },
        { type: 'image_url', image_url: { url: image } },
      ]
    : prompt.text
  return {
    model: model || 'default',
    messages: [
      { role: 'system', content: prompt.system },
      { role: 'user', content },
    ],
    ...{ temperature: 0, max_tokens: MAX_TOKENS, stream: false },
    response_format: { type: 'json_schema', json_schema: { name: 'judgement', strict: true, schema: ANSWER_SCHEMA } },
  }
}

function failureOf(error: unknown, server: ModelServer): AskFailure {
  if (error instanceof AskFailure) return error
  if (isCertificateError(systemCodeOf(error)))
    return new AskFailure('refused', "The certificate of the language model's server is not one that this box trusts.")
  if (!(error instanceof LaresError)) return new AskFailure('server', 'The language model could not be reached.')
  if (error.kind === 'timeout') return new AskFailure('slow', 'The language model took too long.')
  if (error.code === 'ADDRESS_REFUSED') return new AskFailure('refused', whyNot(isPlain(server)))
  if (error.code === 'REPLY_TOO_LONG')
    return new AskFailure('answer', 'The answer of the language model was far too long.')
  if (error.code === 'MODEL_ANSWER') return new AskFailure('answer', error.message)
  return new AskFailure('server', 'The language model could not be reached.')
}

const isCertificateError = (code: string | undefined): boolean =>
  code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/.test(code)
