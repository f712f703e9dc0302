import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { WebSocket } from 'ws'
import { createFakeClock } from '../fakes/clock.ts'
import { person, startServer, tokenOf, type Harness } from '../http/harness.ts'

let at: Harness
const clock = createFakeClock()
before(async () => {
  at = await startServer([], { clock })
})
after(() => at.stop())

const handshake = (token: string): string =>
  [
    'GET /api/stream HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Cookie: __Host-lares=${token}`,
    '\r\n',
  ].join('\r\n')

function knock(token: string, options: { allowHalfOpen?: boolean } = {}): TLSSocket {
  const socket = connect({ host: '127.0.0.1', port: at.port, rejectUnauthorized: false, ...options } as never)
  socket.on('error', () => undefined)
  socket.write(handshake(token))
  return socket
}

test('SEC-C9 a refused handshake is let go, even by a client that never hangs up', async () => {
  const socket = knock(tokenOf('stranger'), { allowHalfOpen: true })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(socket, 'end')
  assert.match(text, /^HTTP\/1\.1 401 /)
  // A side that only half closed would take this for ever; one that let go answers it with a reset.
  const reset = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const nudge = setInterval(() => socket.write('x'), 20)
  try {
    await Promise.race([
      reset,
      new Promise((_, reject) => setTimeout(() => reject(new Error('the server still holds the socket')), 2_000)),
    ])
  } finally {
    clearInterval(nudge)
    socket.destroy()
  }
})

test('SEC-C1 guessing session tokens at the stream costs the budget of the address', async () => {
  const statuses: string[] = []
  for (let guess = 0; guess < 12; guess++) {
    const socket = knock(`guess-number-${guess}-0000`)
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    statuses.push(chunk.toString().slice(9, 12))
    socket.destroy()
  }
  assert.equal(statuses[0], '401')
  assert.equal(statuses.at(-1), '429', statuses.join(' '))
})

test('SEC-C9 pages that do not answer their goodbye make room all the same', async () => {
  at.people.set(tokenOf('hoarder'), person('hoarder', ['devices.view']))
  let open = 0
  const sockets: TLSSocket[] = []
  for (let count = 0; count < 14; count++) {
    const socket = knock(tokenOf('hoarder'))
    sockets.push(socket)
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    assert.match(chunk.toString(), /^HTTP\/1\.1 101 /)
    open += 1
    socket.on('data', () => undefined).on('close', () => (open -= 1))
    // Long enough for the server to have taken the connection in.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await clock.advance(1_000)
  for (let tries = 0; tries < 50 && open > 10; tries++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(open, 10)
  for (const socket of sockets) socket.destroy()
})

test('SEC-C9 whoever talks too much on the stream is hung up on, pings included', async () => {
  const { port } = at
  for (const talk of ['{"type":"ping"}', null]) {
    const headers = { cookie: `__Host-lares=${tokenOf('anna')}` }
    const socket = new WebSocket(`wss://127.0.0.1:${port}/api/stream`, { rejectUnauthorized: false, headers })
    await once(socket, 'open')
    const closed = once(socket, 'close') as Promise<[number]>
    const say = (): void => (talk === null ? socket.ping() : socket.send(talk))
    for (let count = 0; count < 60; count++) say()
    await once(socket, talk === null ? 'pong' : 'message')
    assert.equal(socket.readyState, WebSocket.OPEN)
    say()
    assert.equal((await closed)[0], 1008)
  }
})

test('SEC-C9 a message that is too long, or none that the app would send, ends the stream', async () => {
  const codes: number[] = []
  for (const [text, binary] of [
    ['x'.repeat(5_000), false],
    ['{"type":"ping"}', true],
    ['{"type":"resume","run":"x","seq":-1}', false],
    ['null', false],
  ] as const) {
    const headers = { cookie: `__Host-lares=${tokenOf('anna')}` }
    const socket = new WebSocket(`wss://127.0.0.1:${at.port}/api/stream`, { rejectUnauthorized: false, headers })
    await once(socket, 'open')
    socket.send(text, { binary })
    codes.push(((await once(socket, 'close')) as [number])[0])
  }
  assert.deepEqual(codes, [1009, 1008, 1008, 1008])
})

test('SEC-C1 ten connections a minute from an address that is not signed in, and the app has plenty', async () => {
  const fresh = await startServer([], { clock: createFakeClock() })
  try {
    const shake = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const headers = { ...shake, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }
    const statuses: number[] = []
    for (let count = 0; count < 11; count++) statuses.push((await fresh.ask('/api/stream', { headers })).status)
    assert.deepEqual(statuses, [...Array<number>(10).fill(401), 429])
    const cookie = `__Host-lares=${tokenOf('anna')}`
    const socket = new WebSocket(`wss://127.0.0.1:${fresh.port}/api/stream`, {
      rejectUnauthorized: false,
      headers: { cookie },
    })
    await once(socket, 'open')
    socket.terminate()
  } finally {
    await fresh.stop()
  }
})
