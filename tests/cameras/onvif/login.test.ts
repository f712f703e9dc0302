import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import sharp from 'sharp'
import type { OnvifReply } from '../../../appliance/src/api/onvif.ts'
import { logIn } from '../../../appliance/src/cameras/onvif/login.ts'
import { createOwnNetworks } from '../../../appliance/src/cameras/onvif/own-networks.ts'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { createLog } from '../../../appliance/src/core/log.ts'
import type { FakeDevice, FakeDeviceOptions } from '../../fakes/onvif/device.ts'
import { lanOf, startDevice, twoProfiles } from './lan.ts'

const HOST = '127.71.0.10'
const PASSWORD = 'pä$$ <&>"word'
const networks = createOwnNetworks(lanOf(71))
const lines: string[] = []
const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } })

async function device(t: TestContext, options: Partial<FakeDeviceOptions> = {}): Promise<FakeDevice> {
  const started = await startDevice(HOST, options)
  t.after(() => started.stop())
  return started
}

const ask = (address: string, password = PASSWORD, username = 'admin'): Promise<OnvifReply> =>
  logIn({ address, username, password }, { networks, clock: systemClock, log }, new AbortController().signal)

async function works(address: string, password?: string): Promise<Extract<OnvifReply, { ok: true }>> {
  const reply = await ask(address, password)
  assert.ok(reply.ok, JSON.stringify(reply))
  return reply
}

async function fails(address: string, password?: string): Promise<string> {
  const reply = await ask(address, password)
  assert.ok(!reply.ok, JSON.stringify(reply))
  assert.ok(reply.problem.message.length > 20)
  return reply.problem.reason
}

describe('signing in at a camera by ONVIF', () => {
  for (const signIn of ['token', 'digest', 'digest-sha256'] as const) {
    it(`tells its maker, its streams and a picture (${signIn})`, async (t) => {
      const snapshot = await sharp({ create: { width: 800, height: 450, channels: 3, background: '#446' } })
        .jpeg()
        .toBuffer()
      const camera = await device(t, { signIn, snapshot })
      const reply = await works(camera.url)
      assert.deepEqual(reply.device, { maker: 'Fakecam', model: 'FC-200', firmware: '1.2.3', serial: 'S-0042' })
      assert.equal(reply.address, camera.url)
      assert.deepEqual([reply.main, reply.sub, reply.tellsMotion], ['MainStream', 'SubStream', true])
      assert.deepEqual(
        reply.streams.map(({ url, width, codec }) => [url, width, codec]),
        [
          [`rtsp://${HOST}:8554/stream?main`, 1920, 'h264'],
          [`rtsp://${HOST}:8554/stream?sub`, 640, 'h264'],
        ],
      )
      const preview = Buffer.from(reply.preview?.split(',')[1] ?? '', 'base64')
      assert.equal((await sharp(preview).metadata()).width, 640)
    })
  }

  it('reads the newer media service (profile T) with H.265', async (t) => {
    const profiles = twoProfiles(`rtsp://${HOST}/s`).map((each) => ({ ...each, encoding: 'H265' }))
    const reply = await works((await device(t, { hasMedia2: true, profiles })).url)
    assert.deepEqual([reply.streams.length, reply.streams[0]?.codec], [2, 'hevc'])
  })

  for (const [words, clockOffsetMs] of [
    ['three hours ahead', 3 * 3_600_000],
    ['in 1970', -Date.now() + 5_000_000],
  ] as const) {
    it(`gets in where the camera’s clock is ${words}`, async (t) => {
      const reply = await works((await device(t, { clockOffsetMs })).url)
      assert.ok(Math.abs(reply.clockOffsetMs - clockOffsetMs) < 3_000)
    })
  }

  it('asks a camera without a password for none', async (t) => {
    const camera = await device(t, { username: '' })
    const reply = await ask(camera.url, '', '')
    assert.ok(reply.ok, JSON.stringify(reply))
  })
})

describe('what is wrong, in a word', () => {
  it('a wrong password, for both ways of signing in', async (t) => {
    const camera = await device(t)
    assert.equal(await fails(camera.url, 'nope'), 'wrong-password')
    await camera.stop()
    assert.equal(await fails((await device(t, { signIn: 'digest' })).url, 'nope'), 'wrong-password')
  })

  it('a wrong password at a camera whose clock stands in 1970 may be the clock', async (t) => {
    const camera = await device(t, { clockOffsetMs: -Date.now() + 5_000_000 })
    assert.equal(await fails(camera.url, 'nope'), 'clock-wrong')
  })

  it('an account that is locked', async (t) => {
    const camera = await device(t, {
      intercept(operation, _request, response) {
        if (operation !== 'GetDeviceInformation') return false
        const fault = '<s:Fault><s:Reason><s:Text>The account is locked</s:Text></s:Reason></s:Fault>'
        response.writeHead(400).end(`<s:Envelope xmlns:s="x"><s:Body>${fault}</s:Body></s:Envelope>`)
        return true
      },
    })
    assert.equal(await fails(camera.url), 'locked-out')
  })

  it('nobody there, a web page, no address of this home', async (t) => {
    assert.equal(await fails(`http://${HOST}:1`), 'unreachable')
    const camera = await device(t, {
      intercept: (_operation, _request, response) => Boolean(response.end('<html><title>Router</title></html>')),
    })
    assert.equal(await fails(camera.url), 'not-onvif')
    for (const address of [
      '8.8.8.8',
      'http://user:pw@192.168.1.1/',
      'ftp://192.168.1.1',
      '',
      'a b',
      '127.0.0.1',
      '127.71.0.1',
    ])
      assert.equal(await fails(address), 'wrong-address', address)
  })

  it('says nothing of passwords in the log', () => {
    assert.ok(lines.length > 0)
    assert.ok(!lines.some((line) => line.includes('word') && line.includes('<&>')))
  })
})

describe('hostile devices', () => {
  it('name other hosts: nothing is sent there, and streams stay at the confirmed one', async (t) => {
    const other = await startDevice('127.71.0.11')
    t.after(() => other.stop())
    const camera = await device(t, {
      claims: `127.71.0.11:${other.port}`,
      profiles: twoProfiles('rtsp://10.9.8.7:554/stream'),
    })
    const reply = await fails(camera.url)
    assert.equal(reply, 'unreachable', 'its services lie at a port that nobody listens on here')
    assert.deepEqual(other.calls, [], 'no password, no question reached the other host')
  })

  it('a wrong host in a stream is told and not followed', async (t) => {
    const camera = await device(t, { profiles: twoProfiles('rtsp://10.9.8.7:554/stream') })
    const reply = await works(camera.url)
    assert.deepEqual(
      reply.streams.map(({ url, claimedHost }) => [url, claimedHost]),
      ['main', 'sub'].map((which) => [`rtsp://${HOST}:554/stream?${which}`, '10.9.8.7']),
    )
  })

  it('streams of other schemes are none', async (t) => {
    for (const url of ['file:///etc/passwd', 'http://127.71.0.10/x', 'rtsp://', 'concat:/etc/passwd', 'rtsp://a b/c'])
      await t.test(url, async (inner) => {
        const camera = await startDevice(HOST, { profiles: twoProfiles(url) })
        inner.after(() => camera.stop())
        assert.equal(await fails(camera.url), 'no-streams')
      })
  })

  const answers: [string, string, string][] = [
    [
      'a document type',
      '<!DOCTYPE s [<!ENTITY a "aaaa">]><s:Envelope xmlns:s="x"><s:Body>&a;</s:Body></s:Envelope>',
      'bad-answer',
    ],
    ['depth', `<s:Envelope xmlns:s="x">${'<a>'.repeat(100_000)}`, 'bad-answer'],
    ['size', `<s:Envelope xmlns:s="x">${'a'.repeat(3_000_000)}`, 'bad-answer'],
    ['malformed XML', '<s:Envelope xmlns:s="x"><s:Body></s:Envelope>', 'bad-answer'],
    ['no XML', 'Hello', 'not-onvif'],
    ['nothing', '', 'not-onvif'],
  ]
  for (const [words, text, reason] of answers) {
    it(`answer with ${words}: ${reason}`, async (t) => {
      const camera = await device(t, { intercept: (_o, _r, response) => Boolean(response.end(text)) })
      assert.equal(await fails(camera.url), reason)
    })
  }

  it('redirect: not followed', async (t) => {
    const camera = await device(t, {
      intercept: (_o, request, response) => Boolean(response.writeHead(302, { location: request.url ?? '/' }).end()),
    })
    assert.equal(await fails(camera.url), 'not-onvif')
    assert.equal(camera.calls.length, 1)
  })

  it('drip their answer: too slow, in bounded time', async (t) => {
    const slow = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<s:Envelope')
      const drip = setInterval(() => socket.write(' '), 100)
      socket.on('close', () => clearInterval(drip))
    })
    slow.listen(0, HOST)
    await new Promise((resolve) => slow.once('listening', resolve))
    t.after(() => slow.close())
    const { port } = slow.address() as { port: number }
    assert.equal(await fails(`${HOST}:${port}`), 'too-slow')
  })

  it('have hundreds of profiles: sixteen are asked for', async (t) => {
    const [first] = twoProfiles(`rtsp://${HOST}/s`)
    assert.ok(first)
    const profiles = Array.from({ length: 300 }, (_, index) => ({ ...first, token: `p${index}` }))
    const camera = await device(t, { profiles })
    assert.equal((await works(camera.url)).streams.length, 16)
  })
})
