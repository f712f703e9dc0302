import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { WebSocket, type RawData } from 'ws'
import type { Camera } from '../../appliance/src/api/cameras.ts'
import type { Incident } from '../../appliance/src/api/incidents.ts'
import { POSITION_HEADER } from '../../appliance/src/api/stream.ts'
import type { ServerMessage } from '../../appliance/src/api/stream.ts'
import { createEventLog } from '../../appliance/src/http/stream/event-log.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { cookieOf, person, startServer, tokenOf, type Harness } from './harness.ts'

interface Page {
  socket: WebSocket
  messages: ServerMessage[]
  next(type: ServerMessage['type'], count?: number): Promise<ServerMessage[]>
  closed: Promise<number>
}

function openPage(at: Harness, headers: Record<string, string>, path = '/api/stream'): Page {
  const socket = new WebSocket(`wss://127.0.0.1:${at.port}${path}`, { rejectUnauthorized: false, headers })
  const messages: ServerMessage[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data: RawData) => {
    messages.push(JSON.parse((data as Buffer).toString()) as ServerMessage)
    for (const look of waiting) look()
  })
  socket.on('error', () => undefined)
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const next: Page['next'] = (type, count = 1) =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = messages.filter((message) => message.type === type)
        if (found.length < count) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return { socket, messages, next, closed }
}

/** Status and body of a handshake that was refused. */
async function refusal(
  at: Harness,
  headers: Record<string, string>,
  path?: string,
): Promise<{ status: number; code: string }> {
  const { socket } = openPage(at, headers, path)
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    NodeJS.ReadableStream & { statusCode: number },
  ]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode, code: (JSON.parse(text) as { error_code: string }).error_code }
}

const notices = (words: string) => ({
  notices: [{ id: 'x', level: 'info' as const, title: words, detail: '', since: 1, link: null }],
})

let at: Harness
let clock: FakeClock
before(async () => {
  clock = createFakeClock()
  at = await startServer([], { clock })
})
after(() => at.stop())
const anna = (): Page => openPage(at, { cookie: cookieOf('anna'), origin: `https://127.0.0.1:${at.port}` })

test('SEC-B7 checked before the handshake: session, origin, host, address', async () => {
  const cookie = cookieOf('anna')
  assert.deepEqual(await refusal(at, {}), { status: 401, code: 'TOKEN_INVALID' })
  assert.deepEqual(await refusal(at, { cookie: cookieOf('stranger') }), { status: 401, code: 'TOKEN_EXPIRED' })
  assert.deepEqual(await refusal(at, { cookie, origin: 'https://evil.example' }), {
    status: 403,
    code: 'FOREIGN_ORIGIN',
  })
  assert.deepEqual(await refusal(at, { cookie, origin: 'null' }), { status: 403, code: 'FOREIGN_ORIGIN' })
  assert.deepEqual(await refusal(at, { cookie, host: 'evil.example' }), { status: 421, code: 'HOST_NOT_ALLOWED' })
  assert.deepEqual(await refusal(at, { cookie }, '/api/elsewhere'), { status: 404, code: 'NOT_FOUND' })
})

test('hello, then what happens, in order, as one whole thing each', async () => {
  const page = anna()
  const [hello] = await page.next('hello')
  assert.ok(hello?.type === 'hello')
  at.bus.emit('camera.removed', { id: 'c1' })
  at.bus.emit('incident.changed', {
    change: 'opened',
    incident: { id: 'i1', camera: { id: 'c1', name: 'Door' } } as Incident,
  })
  const events = await page.next('event', 2)
  assert.deepEqual(
    events.map((event) => event.type === 'event' && [event.seq - hello.seq, event.name, event.data]),
    [
      [1, 'camera.removed', { id: 'c1' }],
      [2, 'incident.changed', { id: 'i1', camera: { id: 'c1', name: 'Door' } }],
    ],
  )
  page.socket.close()
  await page.closed
})

test('SEC-A10 nobody sees what they may not see', async () => {
  at.people.set(tokenOf('guest'), person('guest', ['devices.view']))
  const page = openPage(at, { cookie: cookieOf('guest') })
  await page.next('hello')
  at.bus.emit('camera.removed', { id: 'secret' })
  at.bus.emit('notices.changed', notices('secret'))
  at.bus.emit('plug.removed', { id: 'p1' })
  const [event] = await page.next('event')
  assert.equal(event?.type === 'event' && event.name, 'plug.removed')
  assert.ok(!JSON.stringify(page.messages).includes('secret'))
  page.socket.close()
  await page.closed
})

test('SEC-A10 whoever may see some cameras hears of those alone, also of what was missed', async () => {
  at.people.set(tokenOf('some'), person('some', ['cameras.view', 'incidents.view'], { cameras: new Set(['door']) }))
  const open = (): Page => openPage(at, { cookie: cookieOf('some') })
  const page = open()
  const [hello] = await page.next('hello')
  assert.ok(hello?.type === 'hello')
  const happen = (id: string): void => {
    at.bus.emit('camera.changed', { id, name: `name of ${id}` } as Camera)
    at.bus.emit('camera.removed', { id })
    at.bus.emit('incident.changed', {
      change: 'opened',
      incident: { id: `incident at ${id}`, camera: { id, name: id } } as Incident,
    })
  }
  happen('bedroom')
  happen('door')
  await page.next('event', 3)
  page.socket.close()
  await page.closed
  const again = open()
  await again.next('hello')
  again.socket.send(JSON.stringify({ type: 'resume', run: hello.run, seq: hello.seq }))
  await again.next('event', 3)
  again.socket.send(JSON.stringify({ type: 'ping' }))
  await again.next('pong')
  for (const { messages } of [page, again]) {
    assert.equal(messages.filter(({ type }) => type === 'event').length, 3)
    assert.ok(!JSON.stringify(messages).includes('bedroom'))
  }
  again.socket.close()
  await again.closed
})

test('whoever comes back gets exactly what was missed, or is told to read anew', async () => {
  const before = anna()
  const [hello] = await before.next('hello')
  assert.ok(hello?.type === 'hello')
  before.socket.close()
  await before.closed
  for (const id of ['a', 'b', 'c']) at.bus.emit('camera.removed', { id })
  const page = anna()
  await page.next('hello')
  page.socket.send(JSON.stringify({ type: 'resume', run: hello.run, seq: hello.seq + 1 }))
  const missed = await page.next('event', 2)
  assert.deepEqual(
    missed.map((event) => event.type === 'event' && (event.data as { id: string }).id),
    ['b', 'c'],
  )
  page.socket.send(JSON.stringify({ type: 'resume', run: 'another', seq: 1 }))
  assert.deepEqual(await page.next('resync'), [{ type: 'resync', reason: 'server-restarted' }])
  page.socket.send(JSON.stringify({ type: 'resume', run: hello.run, seq: 999_999 }))
  assert.equal((await page.next('resync', 2)).length, 2)
  page.socket.close()
  await page.closed
})

test('whoever reads first and listens then misses nothing: answers say where the stream was before them', async () => {
  const nobody = await at.ask('/api/openapi.json')
  assert.equal(nobody.headers[POSITION_HEADER], undefined)
  const answer = await at.ask('/api/openapi.json', { as: 'anna' })
  const [run = '', seq = ''] = String(answer.headers[POSITION_HEADER]).split('/')
  at.bus.emit('camera.removed', { id: 'meanwhile' })
  const page = anna()
  await page.next('hello')
  page.socket.send(JSON.stringify({ type: 'resume', run, seq: Number(seq) }))
  const [missed] = await page.next('event')
  assert.deepEqual(missed?.type === 'event' && missed.data, { id: 'meanwhile' })
  page.socket.close()
  await page.closed
})

test('SEC-A8 an ended session sees nothing more: told, then closed within a second', async () => {
  const page = anna()
  await page.next('hello')
  at.bus.emit('session.ended', { sessionId: 'session-anna', userId: 'user-anna', reason: 'signed-out' })
  assert.equal(await page.closed, 4001)
  assert.deepEqual(page.messages.at(-1), { type: 'ended', reason: 'signed-out' })
  at.bus.emit('camera.removed', { id: 'later' })
  assert.ok(!JSON.stringify(page.messages).includes('later'))
})

test('SEC-A8 a session that ended without a word is found at the next beat', async () => {
  at.people.set(tokenOf('temp'), person('temp', ['devices.view']))
  const page = openPage(at, { cookie: cookieOf('temp') })
  await page.next('hello')
  at.people.delete(tokenOf('temp'))
  await clock.advance(20_000)
  assert.equal(await page.closed, 4001)
})

test('a page that is gone without a word is let go', async () => {
  at.people.set(tokenOf('dead'), person('dead', ['devices.view']))
  const page = openPage(at, { cookie: cookieOf('dead') })
  await page.next('hello')
  // Reads nothing from here on, so it answers no ping either.
  page.socket.pause()
  await clock.advance(20_000)
  await clock.advance(20_000)
  page.socket.resume()
  assert.notEqual(await page.closed, 1000)
})

test('SEC-C9 nonsense and oversized messages end the connection, a ping is answered', async () => {
  const page = anna()
  await page.next('hello')
  page.socket.send(JSON.stringify({ type: 'ping' }))
  await page.next('pong')
  page.socket.send('{"type":"delete-everything"}')
  assert.equal(await page.closed, 1008)
  const large = anna()
  await large.next('hello')
  large.socket.send('x'.repeat(5_000))
  assert.equal(await large.closed, 1009)
})

test('the eleventh page of a person closes the first', async () => {
  at.people.set(tokenOf('many'), person('many', ['devices.view']))
  const pages: Page[] = []
  for (let index = 0; index < 11; index++) {
    const page = openPage(at, { cookie: cookieOf('many') })
    await page.next('hello')
    pages.push(page)
  }
  assert.equal(await pages[0]?.closed, 4002)
  assert.ok(pages.slice(1).every((page) => page.socket.readyState === WebSocket.OPEN))
  for (const page of pages) page.socket.close()
  await Promise.all(pages.map((page) => page.closed))
})

test('SEC-A1 no stream before setup', async () => {
  at.setupDone = false
  try {
    assert.deepEqual(await refusal(at, { cookie: cookieOf('anna') }), { status: 503, code: 'SETUP_REQUIRED' })
  } finally {
    at.setupDone = true
  }
})

describe('the last events', () => {
  test('gives exactly what came after, or null when something is forgotten', () => {
    const log = createEventLog(3)
    assert.deepEqual(log.since(0), [])
    assert.equal(log.since(1), null)
    for (let index = 0; index < 5; index++) log.add({ needs: 'devices.view', cameraId: null }, (seq) => `event ${seq}`)
    assert.equal(log.lastSeq, 5)
    assert.equal(log.since(1), null)
    assert.deepEqual(
      log.since(2)?.map((event) => event.seq),
      [3, 4, 5],
    )
    assert.deepEqual(log.since(5), [])
    assert.equal(log.since(6), null)
    assert.equal(log.since(2.5), null)
  })
})
