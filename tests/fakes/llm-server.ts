// An OpenAI-compatible server on loopback that checks what it is asked, and misbehaves as a test wants.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** What a strict server takes; anything else is answered with 400. */
const textPart = z.strictObject({ type: z.literal('text'), text: z.string() })
const imagePart = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string().regex(/^data:image\/jpeg;base64,[A-Za-z0-9+/]+=*$/) }),
})
const chatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.tuple([
    z.strictObject({ role: z.literal('system'), content: z.string() }),
    z.strictObject({ role: z.literal('user'), content: z.union([z.string(), z.tuple([textPart, imagePart])]) }),
  ]),
  temperature: z.literal(0),
  max_tokens: z.int().positive(),
  stream: z.literal(false),
  response_format: z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string(),
      strict: z.literal(true),
      schema: z.record(z.string(), z.unknown()),
    }),
  }),
})
export type ChatRequest = z.infer<typeof chatRequest>

export interface Said {
  verdict: string
  risk_score: number
  summary: string
  reason: string
}

export const CALM: Said = {
  verdict: 'confirmed',
  risk_score: 12,
  summary: 'A courier leaves.',
  reason: 'It is a courier.',
}

/** `hang` never answers, `drip` sends a byte now and then, `giant` never ends, `drop` closes the connection. */
export type Behaviour =
  | { kind: 'answer'; said: Said | string; finish?: string }
  | { kind: 'status'; status: number }
  | { kind: 'raw'; body: string }
  | { kind: 'hang' | 'drip' | 'giant' | 'drop' }

export interface FakeLlm {
  readonly url: string
  /** How the next requests are answered; the last one repeats. */
  behave(...behaviours: Behaviour[]): void
  readonly asked: { request: ChatRequest; authorization: string | undefined }[]
  /** Requests that were not as they should be. */
  readonly refused: string[]
  /** Everything that arrived. */
  count(): number
  stop(): Promise<void>
}

export const completion = (content: string, finish = 'stop'): string =>
  JSON.stringify({
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'tiny-guard-1b' },
    choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 321, completion_tokens: 45, total_tokens: 366 },
  })

/** Plain HTTP on 127.0.0.1; with a certificate HTTPS on localhost. */
export async function startFakeLlm(certificate?: { certPem: string; keyPem: string }): Promise<FakeLlm> {
  let plan: Behaviour[] = [{ kind: 'answer', said: CALM }]
  let count = 0
  const asked: FakeLlm['asked'] = []
  const refused: string[] = []
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => void serve(request, response)
  const server = certificate
    ? createSecureServer({ cert: certificate.certPem, key: certificate.keyPem }, onRequest)
    : createServer(onRequest)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    count += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return end(response, 404, '{}')
    const parsed = chatRequest.safeParse(JSON.parse(Buffer.concat(chunks).toString()))
    if (!parsed.success) {
      refused.push(parsed.error.message)
      return end(response, 400, '{"error":{"message":"invalid request"}}')
    }
    asked.push({ request: parsed.data, authorization: request.headers.authorization })
    const now = plan.length > 1 ? plan.shift() : plan[0]
    if (now) act(now, response)
  }

  return {
    url: certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    behave: (...behaviours) => void (plan = behaviours),
    ...{ asked, refused, count: () => count },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body)
}

const DRIP_MS = 20

function act(behaviour: Behaviour, response: ServerResponse): void {
  switch (behaviour.kind) {
    case 'answer': {
      const { said, finish } = behaviour
      return end(response, 200, completion(typeof said === 'string' ? said : JSON.stringify(said), finish))
    }
    case 'status':
      return end(response, behaviour.status, '{"error":{"message":"no"}}')
    case 'raw':
      return end(response, 200, behaviour.body)
    case 'hang':
      return
    case 'drop':
      return void response.destroy()
    case 'giant':
    case 'drip': {
      response.writeHead(200, { 'content-type': 'application/json' })
      const piece = behaviour.kind === 'giant' ? 'x'.repeat(64 * 1024) : ' '
      const timer = setInterval(() => response.write(piece), behaviour.kind === 'giant' ? 1 : DRIP_MS)
      response.on('close', () => clearInterval(timer))
    }
  }
}
