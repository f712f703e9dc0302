import assert from 'node:assert/strict'
import { connect } from 'node:tls'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { route } from '../../appliance/src/http/index.ts'
import { startServer, type Harness } from './harness.ts'

const routes = [
  route({
    method: 'POST',
    path: '/api/things/:id',
    summary: 'A test.',
    needs: 'public',
    limit: 'media',
    maxBodyBytes: 1_000,
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }),
    body: z.strictObject({ name: z.string().trim().min(1), size: z.int().optional() }),
    reply: z.strictObject({ id: z.string(), limit: z.int(), name: z.string() }),
    run: async ({ params, query, body }) => ({ id: params.id, limit: query.limit, name: body.name }),
  }),
  route({
    method: 'GET',
    path: '/api/large',
    summary: 'A test.',
    needs: 'public',
    limit: 'media',
    reply: z.strictObject({ text: z.string() }),
    run: async () => ({ text: 'all quiet '.repeat(1_000) }),
  }),
]
const ID = '0197c1de-4b7a-7c3e-9d55-1b2c3d4e5f60'
const PATH = `/api/things/${ID}`

/** Sends bytes over TLS as they are and collects what comes back. */
function raw(port: number, write: (send: (text: string) => void) => void): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () =>
      write((part) => socket.write(part)),
    )
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })
}

describe('what comes in', () => {
  let at: Harness
  before(async () => {
    at = await startServer(routes, { timeouts: { headersMs: 400, requestMs: 800, checkMs: 100 } })
  })
  after(() => at.stop())
  const post = (send: unknown, path = PATH) => at.ask(path, { method: 'POST', send })

  test('right input arrives parsed, with defaults', async () => {
    const reply = await post({ name: '  Porch ' }, `${PATH}?limit=7`)
    assert.deepEqual(reply.json(), { id: ID, limit: 7, name: 'Porch' })
    assert.equal((await post({ name: 'x' })).json().limit, 5)
  })

  test('wrong input names every wrong value', async () => {
    const reply = await post({ name: '', size: 1.5, extra: 1 })
    assert.equal(reply.status, 400)
    assert.equal(reply.json().error_code, 'VALIDATION_FAILED')
    const { issues } = reply.json().details as { issues: { path: string; message: string }[] }
    assert.deepEqual(issues.map((issue) => issue.path).sort(), ['body', 'body.name', 'body.size'])
    assert.ok(issues.every((issue) => issue.message.length > 3))
    assert.match((await post({ name: 'x' }, '/api/things/7')).text, /params\.id/)
    assert.match((await post({ name: 'x' }, `${PATH}?limit=11`)).text, /query\.limit/)
    assert.equal((await post({ name: 'x' }, `${PATH}?limit=1&limit=2`)).status, 400)
  })

  test('what is wrong is said in plain words', async () => {
    const words = async (send: unknown): Promise<string> => String((await post(send)).json().message)
    assert.match(await words({}), /body\.name is missing\.$/)
    assert.match(await words({ name: 7 }), /body\.name must be text\.$/)
    assert.match(await words({ name: '' }), /body\.name must not be empty\.$/)
    assert.match(await words({ name: 'x', size: 1.5 }), /body\.size must be a whole number\.$/)
    assert.match(await words({ name: 'x', colour: 'red' }), /body has unknown names: colour\.$/)
    assert.match(await words([]), /body must be an object\.$/)
    assert.match(
      String((await post({ name: 'x' }, '/api/things/7')).json().message),
      /params\.id is not a valid uuid\.$/,
    )
    assert.match(
      String((await post({ name: 'x' }, `${PATH}?limit=11`)).json().message),
      /query\.limit must be at most 10\.$/,
    )
  })

  test('only JSON is taken', async () => {
    const send = (body: string | Buffer, type: string) =>
      at.ask(PATH, { method: 'POST', body, headers: { 'content-type': type } })
    assert.equal((await send('name=x', 'application/x-www-form-urlencoded')).status, 415)
    assert.equal((await send('{"name":"x"}', 'text/plain')).status, 415)
    assert.equal((await send('{"name":', 'application/json')).json().error_code, 'BAD_JSON')
    assert.equal((await send(Buffer.from([0x22, 0xff, 0x22]), 'application/json')).json().error_code, 'BAD_JSON')
    assert.equal((await at.ask(PATH, { method: 'POST' })).status, 400)
    assert.equal((await send('{"name":"x"}', 'application/json; charset=utf-8')).status, 200)
  })

  test('SEC-C9 a body over the limit is refused by its announced length and by counting', async () => {
    const announced = await at.ask(PATH, { method: 'POST', send: { name: 'x'.repeat(2_000) } })
    assert.equal(announced.status, 413)
    assert.equal(announced.json().error_code, 'TOO_LARGE')
    const chunked = await raw(at.port, (send) => {
      send(
        `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      )
      send(`7d0\r\n${'x'.repeat(2_000)}\r\n`)
    })
    assert.match(chunked, /^HTTP\/1.1 413 /)
  })

  test('SEC-C9 slow headers, a slow body and huge headers end the connection', async () => {
    assert.match(await raw(at.port, (send) => send('GET /api/large HTTP/1.1\r\nHost: local')), /^HTTP\/1.1 408 /)
    const head = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"na`
    const startedAt = performance.now()
    assert.match(await raw(at.port, (send) => send(head)), /^(HTTP\/1.1 408 |$)/)
    assert.ok(performance.now() - startedAt < 3_000)
    const huge = `GET /api/large HTTP/1.1\r\nHost: localhost\r\nX-Filler: ${'x'.repeat(20_000)}\r\n\r\n`
    assert.match(await raw(at.port, (send) => send(huge)), /^HTTP\/1.1 431 /)
    assert.equal((await at.ask('/api/large')).status, 200)
  })

  test('an absolute address and a nonsense one are refused', async () => {
    const absolute = 'GET https://localhost/api/large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    assert.match(await raw(at.port, (send) => send(absolute)), /^HTTP\/1.1 400 /)
    assert.match(await raw(at.port, (send) => send('nonsense\r\n\r\n')), /^HTTP\/1.1 400 /)
  })

  test('large answers are packed for those who can read it', async () => {
    const plain = await at.ask('/api/large')
    const packed = await at.ask('/api/large', { headers: { 'accept-encoding': 'gzip, br' } })
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.equal(packed.headers['content-encoding'], 'br')
    assert.ok(packed.bytes.length < plain.bytes.length / 10)
    assert.equal(packed.headers.vary, 'Origin, Accept-Encoding')
    const refused = await at.ask('/api/large', { headers: { 'accept-encoding': 'br;q=0' } })
    assert.equal(refused.headers['content-encoding'], undefined)
  })
})
