import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { CameraProblem, TestCameraReply } from '../../appliance/src/api/cameras.ts'
import { drawnClip } from '../fakes/clip.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { addCamera, cameraOf, processesWith, startBox, until, untilState, type Box } from './box.ts'

const PASSWORD = 'p@ss:w/rd#?%&+ü'
let box: Box
let rtsp: RtspServer

before(async () => {
  rtsp = await startRtspServer({ file: await drawnClip(), username: 'me', password: PASSWORD })
  box = await startBox()
})
after(async () => {
  await box.remove()
  await rtsp.stop()
})

async function tryAddress(source: object): Promise<TestCameraReply> {
  const reply = await box.ask('/api/cameras/test', { method: 'POST', send: { source } })
  assert.equal(reply.status, 200, reply.text)
  return reply.json() as unknown as TestCameraReply
}

describe('trying an address', () => {
  const withPassword = (url: string): object => ({ kind: 'rtsp', url, username: 'me', password: PASSWORD })

  it('shows a picture and what the camera sends', async () => {
    const reply = await tryAddress(withPassword(rtsp.url))
    assert.ok(reply.ok, JSON.stringify(reply))
    assert.deepEqual(reply.picture, { codec: 'h264', width: 640, height: 360, framesPerSecond: 15 })
    const jpeg = Buffer.from(reply.preview.split(',')[1] ?? '', 'base64')
    assert.deepEqual([...jpeg.subarray(0, 3)], [0xff, 0xd8, 0xff])
    assert.ok(jpeg.length > 5_000)
  })

  const cases: [string, () => Promise<object> | object, CameraProblem['reason']][] = [
    ['a wrong password', () => ({ kind: 'rtsp', url: rtsp.url, username: 'me', password: 'no' }), 'wrong-password'],
    ['no password', () => ({ kind: 'rtsp', url: rtsp.url }), 'wrong-password'],
    ['a wrong path', () => withPassword(`rtsp://127.0.0.1:${rtsp.port}/nothing`), 'wrong-address'],
    ['a name nobody has', () => ({ kind: 'rtsp', url: 'rtsp://camera.invalid/stream' }), 'wrong-address'],
    ['a port nobody listens on', () => ({ kind: 'rtsp', url: 'rtsp://127.0.0.1:1/stream' }), 'unreachable'],
    ['a file that is gone', () => ({ kind: 'file', path: '/nonexistent/film.mp4' }), 'file-missing'],
    ['a folder', () => ({ kind: 'file', path: '/tmp' }), 'file-missing'],
    ['a file that is no video', () => ({ kind: 'file', path: process.execPath }), 'not-video'],
  ]
  for (const [what, source, reason] of cases) {
    it(`tells ${what} apart: ${reason}`, async () => {
      const reply = await tryAddress(await source())
      assert.ok(!reply.ok, 'it worked')
      assert.equal(reply.problem.reason, reason)
      assert.match(reply.problem.message, /^[A-Z].{20,}\.$/)
    })
  }

  it('tells sound without pictures apart: not-video', async () => {
    const microphone = await startRtspServer({ file: await drawnClip(), wrongMedia: true })
    try {
      const reply = await tryAddress({ kind: 'rtsp', url: microphone.url })
      assert.ok(!reply.ok && reply.problem.reason === 'not-video', JSON.stringify(reply).slice(0, 300))
    } finally {
      await microphone.stop()
    }
  })

  it('ends when the client goes away', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const stopping = new AbortController()
    const asked = box.ask('/api/cameras/test', {
      ...{ method: 'POST', send: { source: { kind: 'rtsp', url: `rtsp://127.0.0.1:${port}/silent` } } },
      signal: stopping.signal,
    })
    asked.catch(() => undefined)
    await until('ffmpeg to try', () => processesWith(`:${port}/silent`).length > 0)
    stopping.abort()
    await assert.rejects(asked)
    await until('ffmpeg to be gone', () => processesWith(`:${port}/silent`).length === 0, 5_000)
    silent.close()
  })
})

describe('a camera', () => {
  it('never shows or logs its password', async () => {
    const url = rtsp.url.replace('rtsp://', `rtsp://me:${PASSWORD}@`)
    const camera = await addCamera(box, { kind: 'rtsp', url }, 'Garden')
    await untilState(box, camera.id, 'live')
    assert.deepEqual(camera.source, {
      kind: 'rtsp',
      address: rtsp.url,
      transport: 'tcp',
      username: 'me',
      hasPassword: true,
    })
    const row = await box.database.reader.selectFrom('cameras').selectAll().executeTakeFirstOrThrow()
    const everything = [
      ...[(await box.ask('/api/cameras')).text, JSON.stringify(row), JSON.stringify(box.events)],
      ...[...box.logLines, ...box.server.logLines],
    ].join('\n')
    assert.ok(everything.includes('Starting'), 'the log has the command lines')
    for (const form of [PASSWORD, encodeURIComponent(PASSWORD), 'p@ss', 'p%40ss'])
      assert.ok(!everything.includes(form), form)
    await box.ask(`/api/cameras/${camera.id}`, { method: 'DELETE' })
  })

  it('never shows or logs a password in the address’s query', async () => {
    const url = `rtsp://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:${rtsp.port}/stream&user=x&password=hunter2&channel=1`
    const camera = await addCamera(box, { kind: 'rtsp', url }, 'Barn')
    await untilState(box, camera.id, 'live')
    assert.match(camera.source.address, /password=•••&channel=1$/)
    const shown = [(await box.ask('/api/cameras')).text, ...box.logLines, ...box.server.logLines].join('\n')
    assert.ok(shown.includes('password=[hidden]'), 'the log has the command line')
    assert.ok(!shown.includes('hunter2'))
    await box.ask(`/api/cameras/${camera.id}`, { method: 'DELETE' })
  })

  it('shows a still, shares it, and says so in words when there is none', async () => {
    const camera = await addCamera(box, { kind: 'rtsp', url: rtsp.url, username: 'me', password: PASSWORD }, 'Yard')
    const none = await box.ask(`/api/cameras/${camera.id}/still.jpg`)
    assert.equal(none.status, 503)
    assert.match(String(none.json()['message']), /Yard sends no pictures/)
    await untilState(box, camera.id, 'live')
    const still = await box.ask(`/api/cameras/${camera.id}/still.jpg`)
    assert.equal(still.headers['content-type'], 'image/jpeg')
    assert.deepEqual([...still.bytes.subarray(0, 2)], [0xff, 0xd8])
    await box.ask(`/api/cameras/${camera.id}`, { method: 'DELETE' })
  })

  it('keeps its stream through a new name, and its password through a changed address', async () => {
    const camera = await addCamera(box, { kind: 'rtsp', url: rtsp.url, username: 'me', password: PASSWORD }, 'Gate')
    await untilState(box, camera.id, 'live')
    const pids = processesWith(`buffer/${camera.id}`)
    const change = (send: object) => box.ask(`/api/cameras/${camera.id}`, { method: 'PATCH', send })
    assert.equal((await change({ name: 'Back gate', classes: ['person'] })).json()['name'], 'Back gate')
    assert.deepEqual(processesWith(`buffer/${camera.id}`), pids)
    await change({ source: { kind: 'rtsp', url: rtsp.url, transport: 'udp' } })
    const udp = await untilState(box, camera.id, 'live')
    assert.deepEqual([udp.source.transport, udp.source.hasPassword], ['udp', true])
    assert.equal((await change({ enabled: false })).json()['state'], 'off')
    assert.deepEqual(processesWith(`buffer/${camera.id}`), [])
    assert.equal((await cameraOf(box, camera.id)).problem, null)
    await box.ask(`/api/cameras/${camera.id}`, { method: 'DELETE' })
  })
})

describe('a box without ffmpeg', () => {
  it('says what to install, and everything else answers', async () => {
    const bare = await startBox({ ffmpeg: '/nonexistent/ffmpeg' })
    try {
      const camera = await addCamera(bare, { kind: 'rtsp', url: rtsp.url })
      const failed = await untilState(bare, camera.id, 'failed')
      assert.equal(failed.problem?.reason, 'program-missing')
      assert.match(failed.problem.message, /Install the package ffmpeg/)
    } finally {
      await bare.remove()
    }
  })
})
