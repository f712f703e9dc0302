import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { startServer, type Harness } from '../http/harness.ts'

let at: Harness
before(async () => {
  at = await startServer([], { timeouts: { stalledMs: 500 } })
  await writeFile(join(at.staticDir, 'assets', 'large.png'), Buffer.alloc(32 * 1024 * 1024))
})
after(() => at.stop())

function open(): TLSSocket {
  const socket = connect({ host: '127.0.0.1', port: at.port, rejectUnauthorized: false })
  socket.on('error', () => undefined)
  return socket
}

/** Everything that comes back until the server hangs up. */
async function say(...lines: string[]): Promise<{ status: string; headers: string; body: Record<string, unknown> }> {
  const socket = open()
  socket.write([...lines, '', ''].join('\r\n'))
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
  ['no name', '421', 'HOST_NOT_ALLOWED', ['GET / HTTP/1.1', 'Connection: close']],
  ['a foreign name', '421', 'HOST_NOT_ALLOWED', ['GET / HTTP/1.1', 'Host: evil.example', 'Connection: close']],
]

for (const [what, status, code, lines] of REFUSED) {
  test(`SEC-A9 ${what}: ${status} with the same body and headers as every other error`, async () => {
    const answer = await say(...lines)
    assert.equal(answer.status, status)
    assert.deepEqual(Object.keys(answer.body).sort(), ['error', 'error_code', 'message', 'timestamp'])
    assert.equal(answer.body['error_code'], code)
    assert.match(answer.headers, /\r\nx-content-type-options: nosniff\r\n/)
    assert.match(answer.headers, /\r\ncontent-security-policy: default-src 'none'/)
    assert.doesNotMatch(answer.headers, /evil/)
  })
}

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
