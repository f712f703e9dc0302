import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { limitBudgets, route } from '../../appliance/src/http/index.ts'
import { startServer, type Harness } from '../http/harness.ts'

const things = route({
  ...({ method: 'POST', path: '/api/things', summary: 'x', needs: 'public', limit: 'general' } as const),
  body: z.strictObject({ name: z.string() }),
  reply: z.strictObject({ name: z.string() }),
  run: async ({ body }) => ({ name: body.name }),
})
/** These requests are about other caps. */
const OFF = { ...limitBudgets(), enabled: false }

let at: Harness
before(async () => {
  at = await startServer([things], { timeouts: { stalledMs: 500 }, limitBudgets: () => OFF })
  await writeFile(join(at.staticDir, 'assets', 'large.png'), Buffer.alloc(32 * 1024 * 1024))
})
after(() => at.stop())

function open(): TLSSocket {
  const socket = connect({ host: '127.0.0.1', port: at.port, rejectUnauthorized: false })
  socket.on('error', () => undefined)
  return socket
}

interface Answered {
  status: string
  headers: string
  body: Record<string, unknown>
}

/** Everything that comes back until the server hangs up. */
async function say(lines: readonly string[], socket: Socket = open()): Promise<Answered> {
  socket.write([...lines, '', ''].join('\r\n'))
  return answered(socket)
}

async function answered(socket: Socket): Promise<Answered> {
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return { status: head.slice(9, 12), headers: head.toLowerCase(), body: JSON.parse(body) as Record<string, unknown> }
}

const REFUSED: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['no request at all', '400', 'BAD_REQUEST', ['NOPE']],
  [
    'two lengths',
    '400',
    'BAD_REQUEST',
    ['POST /api/x HTTP/1.1', 'Host: lares.local', 'Content-Length: 1', 'Content-Length: 2'],
  ],
  [
    'a length and chunks',
    '400',
    'BAD_REQUEST',
    ['POST /api/x HTTP/1.1', 'Host: lares.local', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
  ],
  ['a folded header', '400', 'BAD_REQUEST', ['GET / HTTP/1.1', 'Host: lares.local', 'X: a', ' b']],
  ['control characters in the address', '400', 'BAD_REQUEST', ['GET /\u0001 HTTP/1.1', 'Host: lares.local']],
  ['20 KB of headers', '431', 'HEADERS_TOO_LARGE', ['GET / HTTP/1.1', 'Host: lares.local', `X: ${'a'.repeat(20_000)}`]],
  [
    'a hundred and one headers',
    '431',
    'HEADERS_TOO_LARGE',
    ['GET / HTTP/1.1', 'Host: lares.local', 'Connection: close', ...Array<string>(99).fill('X: y')],
  ],
  [
    'more headers than Node keeps',
    '431',
    'HEADERS_TOO_LARGE',
    [
      'GET / HTTP/1.1',
      'Host: lares.local',
      'Connection: close',
      ...Array<string>(2_500).fill('a:'),
      'Origin: https://e',
    ],
  ],
  [
    'two hosts',
    '400',
    'BAD_REQUEST',
    ['GET / HTTP/1.1', 'Host: lares.local', 'Host: evil.example', 'Connection: close'],
  ],
  [
    'a proxy address',
    '400',
    'VALIDATION_FAILED',
    ['GET https://lares.local/ HTTP/1.1', 'Host: lares.local', 'Connection: close'],
  ],
  [
    'a port that cannot be',
    '421',
    'HOST_NOT_ALLOWED',
    ['GET / HTTP/1.1', 'Host: lares.local:70000', 'Connection: close'],
  ],
  ['two dots at the end', '421', 'HOST_NOT_ALLOWED', ['GET / HTTP/1.1', 'Host: lares.local..', 'Connection: close']],
  ['an address in eights', '421', 'HOST_NOT_ALLOWED', ['GET / HTTP/1.1', 'Host: 0177.0.0.1', 'Connection: close']],
  ['no address at all', '421', 'HOST_NOT_ALLOWED', ['GET / HTTP/1.1', 'Host: 0.0.0.0', 'Connection: close']],
  [
    'a public address inside an IPv6 one',
    '421',
    'HOST_NOT_ALLOWED',
    ['GET / HTTP/1.1', 'Host: [::ffff:8.8.8.8]', 'Connection: close'],
  ],
  [
    'a forwarded host',
    '421',
    'HOST_NOT_ALLOWED',
    ['GET / HTTP/1.1', 'Host: evil.example', 'X-Forwarded-Host: lares.local', 'Connection: close'],
  ],
  [
    'a method that is none',
    '405',
    'METHOD_NOT_ALLOWED',
    ['PROPFIND / HTTP/1.1', 'Host: lares.local', 'Connection: close'],
  ],
  ['no name', '421', 'HOST_NOT_ALLOWED', ['GET / HTTP/1.1', 'Connection: close']],
  ['a foreign name', '421', 'HOST_NOT_ALLOWED', ['GET / HTTP/1.1', 'Host: evil.example', 'Connection: close']],
]

for (const [what, status, code, lines] of REFUSED) {
  test(`${status === '421' ? 'SEC-B8' : 'SEC-C9'} SEC-A9 ${what}: ${status} with the same body and headers as every other error`, async () => {
    const answer = await say(lines)
    assert.equal(answer.status, status)
    const fields = Object.keys(answer.body).filter((name) => name !== 'details')
    assert.deepEqual(fields.sort(), ['error', 'error_code', 'message', 'timestamp'])
    assert.equal(answer.body['error_code'], code)
    assert.match(answer.headers, /\r\nx-content-type-options: nosniff\r\n/)
    assert.match(answer.headers, /\r\ncontent-security-policy: default-src 'none'/)
    assert.doesNotMatch(answer.headers, /evil/)
  })
}

const PLAIN_TOO: ReadonlySet<string> = new Set([
  ...['no request at all', 'two lengths', 'a length and chunks', '20 KB of headers', 'two hosts', 'a foreign name'],
  ...['a hundred and one headers', 'a proxy address', 'no name'],
])

for (const [what, status, code, lines] of REFUSED.filter(([name]) => PLAIN_TOO.has(name))) {
  test(`SEC-C9 on the plain port, ${what}: ${status} with the same body and headers`, async () => {
    const socket = connectPlain({ host: '127.0.0.1', port: at.server.httpPort() })
    socket.on('error', () => undefined)
    const answer = await say(lines, socket)
    assert.equal(answer.status, status)
    assert.equal(answer.body['error_code'], code)
    assert.match(answer.headers, /\r\ncontent-security-policy: default-src 'none'/)
    assert.doesNotMatch(answer.headers, /evil|\r\nlocation/)
  })
}

const post = (headers: readonly string[], body: Buffer): Promise<Answered> => {
  const socket = open()
  const head = ['POST /api/things HTTP/1.1', 'Host: lares.local', 'Connection: close', ...headers]
  const all = Buffer.concat([Buffer.from(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n`), body])
  socket.write(all)
  return answered(socket)
}

test('SEC-C9 a packed body is refused and never unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024, ' '))
  assert.ok(bomb.length < 64 * 1024)
  for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip', 'made-up']) {
    const reply = await post(['Content-Type: application/json', `Content-Encoding: ${encoding}`], bomb)
    assert.deepEqual([reply.status, reply.body['error_code']], ['415', 'UNSUPPORTED_MEDIA_TYPE'], encoding)
  }
})

test('SEC-C9 sixty thousand brackets are no JSON and no reason to fall over', async () => {
  for (const text of ['['.repeat(60_000), '{"a":'.repeat(10_000), `${'['.repeat(30_000)}${']'.repeat(30_000)}`]) {
    const reply = await post(['Content-Type: application/json'], Buffer.from(text))
    assert.equal(reply.status, '400', String(reply.body['message']))
  }
})

test('SEC-C9 names that objects have by birth are names like any other', async () => {
  for (const text of ['{"__proto__":{"name":"x"}}', '{"constructor":{"prototype":1}}', '{"name":"a","name":7}']) {
    const reply = await post(['Content-Type: application/json'], Buffer.from(text))
    assert.equal(reply.status, '400', text)
  }
  assert.equal(({} as Record<string, unknown>)['name'], undefined)
})

test('SEC-C9 one client has two hundred connections at most, and others still get in', async () => {
  const sockets: Socket[] = []
  try {
    for (let count = 0; count < 230; count++) {
      const socket = connectPlain({ host: '127.0.0.1', port: at.port })
      socket.on('error', () => undefined)
      sockets.push(socket)
    }
    const isOver = (): boolean => sockets.filter((socket) => socket.destroyed || socket.readableEnded).length >= 30
    for (const socket of sockets) socket.resume()
    for (let tries = 0; tries < 100 && !isOver(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.ok(isOver())
    const from = connectPlain({ host: '127.0.0.1', port: at.port, localAddress: '127.0.0.2' })
    assert.equal((await say(['NOPE'], connect({ socket: from, rejectUnauthorized: false }))).status, '400')
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  const isAnswered = (): Promise<boolean> =>
    say(['NOPE']).then(
      () => true,
      () => false,
    )
  for (let tries = 0; tries < 100 && !(await isAnswered()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(await isAnswered(), 'closed connections make room')
})

test('SEC-C9 a reader that takes nothing is cut off', async () => {
  const socket = open()
  socket.write('GET /assets/large.png HTTP/1.1\r\nHost: lares.local\r\n\r\n')
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  socket.pause()
  // Longer than the silence that is allowed; what the two kernels hold in between is far less than the file.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  let bytes = 0
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve('cut off')))
  socket.resume()
  const limit = new Promise<string>((resolve) => setTimeout(resolve, 3_000, 'still open'))
  assert.equal(await Promise.race([closed, limit]), 'cut off')
  assert.ok(bytes < 32 * 1024 * 1024, `${bytes} bytes came all the same`)
  socket.destroy()
})
