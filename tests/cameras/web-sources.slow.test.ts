import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { CameraProblem, TestCameraReply } from '../../appliance/src/api/cameras.ts'
import type { Frame } from '../../appliance/src/media/index.ts'
import { makeTestCertificates } from '../fakes/certificates.ts'
import { startWebCamera, type WebCamera } from '../fakes/web-camera.ts'
import { addCamera, startBox, until, untilState, type Box } from './box.ts'

const PASSWORD = 'p@ss:w/rd#?%&+ü"x'
const me = { username: 'me', password: PASSWORD }
let box: Box

before(async () => {
  box = await startBox()
})
after(() => box.remove())

async function tryAddress(source: object, at = box): Promise<TestCameraReply> {
  const reply = await at.ask('/api/cameras/test', { method: 'POST', send: { source } })
  assert.equal(reply.status, 200, reply.text)
  return reply.json() as unknown as TestCameraReply
}

async function withCamera(options: Parameters<typeof startWebCamera>[0], use: (camera: WebCamera) => Promise<void>) {
  const camera = await startWebCamera(options)
  try {
    await use(camera)
  } finally {
    await camera.stop()
  }
}

describe('signing in over HTTP', () => {
  for (const auth of ['basic', 'digest', 'digest-sha256'] as const) {
    it(`works with ${auth}, and a wrong password is said to be one after two requests`, async () => {
      await withCamera({ ...me, auth }, async (camera) => {
        const source = { kind: 'still', url: `${camera.url}/snapshot.jpg` }
        const reply = await tryAddress({ ...source, ...me })
        assert.ok(reply.ok, JSON.stringify(reply))
        assert.deepEqual(reply.picture, { width: 640, height: 480, codec: 'mjpeg', framesPerSecond: 0 })
        camera.asked.length = 0
        const wrong = await tryAddress({ ...source, ...me, password: 'no' })
        assert.ok(!wrong.ok && wrong.problem.reason === 'wrong-password')
        assert.equal(camera.asked.length, 2)
      })
    })
  }
})

describe('trying an address over HTTP', () => {
  const cases: [string, (camera: WebCamera) => object, CameraProblem['reason']][] = [
    ['a page that is not there', ({ url }) => ({ kind: 'still', url: `${url}/nothing` }), 'wrong-address'],
    ['text that says it is a picture', ({ url }) => ({ kind: 'still', url: `${url}/text` }), 'not-video'],
    ['a picture instead of a stream', ({ url }) => ({ kind: 'mjpeg', url: `${url}/snapshot.jpg` }), 'not-video'],
    ['a picture without end', ({ url }) => ({ kind: 'mjpeg', url: `${url}/endless` }), 'not-video'],
    ['a port nobody listens on', () => ({ kind: 'mjpeg', url: 'http://127.0.0.1:1/a' }), 'unreachable'],
    ['a name nobody has', () => ({ kind: 'mjpeg', url: 'http://camera.invalid/a' }), 'wrong-address'],
  ]
  for (const [what, source, reason] of cases) {
    it(`tells ${what} apart: ${reason}`, async () => {
      await withCamera({}, async (camera) => {
        const reply = await tryAddress(source(camera))
        assert.ok(!reply.ok && reply.problem.reason === reason, JSON.stringify(reply).slice(0, 300))
      })
    })
  }

  it('SEC-C8 follows a redirect on the same host and port only: the password goes nowhere else', async () => {
    await withCamera({}, async (other) => {
      await withCamera(me, async (camera) => {
        assert.ok((await tryAddress({ kind: 'still', url: `${camera.url}/here`, ...me })).ok)
        camera.setAway(`${other.url}/snapshot.jpg`)
        const away = await tryAddress({ kind: 'still', url: `${camera.url}/away`, ...me })
        assert.ok(!away.ok && away.problem.reason === 'wrong-address')
        assert.deepEqual(other.asked, [])
        camera.setAway('/away')
        const round = await tryAddress({ kind: 'still', url: `${camera.url}/away`, ...me })
        assert.ok(!round.ok && round.problem.reason === 'wrong-address', 'round and round')
      })
    })
  })

  it('takes a certificate that nobody signed only when the owner says so', async () => {
    const certificates = makeTestCertificates()
    try {
      await withCamera({ tls: certificates }, async (camera) => {
        const source = { kind: 'still', url: `${camera.url}/snapshot.jpg` }
        const refused = await tryAddress(source)
        assert.ok(!refused.ok && refused.problem.reason === 'untrusted-certificate', JSON.stringify(refused))
        assert.ok((await tryAddress({ ...source, anyCertificate: true })).ok)
      })
    } finally {
      certificates.remove()
    }
  })

  it('SEC-C8 never asks the box itself nor link-local addresses, by number or by name', async () => {
    const strict = await startBox({ mayReach: 'product' })
    try {
      await withCamera({}, async (camera) => {
        const port = new URL(camera.url).port
        for (const host of [
          '127.0.0.1',
          'localhost',
          '[::1]',
          '169.254.169.254',
          '0.0.0.0',
          '[::ffff:127.0.0.1]',
          '2130706433',
        ]) {
          const reply = await tryAddress({ kind: 'still', url: `http://${host}:${port}/snapshot.jpg` }, strict)
          assert.ok(!reply.ok && reply.problem.reason === 'address-refused', `${host}: ${JSON.stringify(reply)}`)
        }
        assert.deepEqual(camera.asked, [])
      })
    } finally {
      await strict.remove()
    }
  })
})

describe('a camera over HTTP', () => {
  it('hands in five pictures a second of an MJPEG stream, notices silence within 10 s, and comes back', async () => {
    await withCamera({ ...me, tellsLength: false }, async (camera) => {
      const frames: Frame[] = []
      const stop = box.cameras.onFrame((frame) => frames.push(frame))
      const { id, source } = await addCamera(box, { kind: 'mjpeg', url: `${camera.url}/video.mjpg`, ...me }, 'Porch')
      assert.deepEqual(source, {
        kind: 'mjpeg',
        address: `${camera.url}/video.mjpg`,
        username: 'me',
        hasPassword: true,
      })
      await untilState(box, id, 'live')
      frames.length = 0
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      assert.ok(frames.length >= 11 && frames.length <= 17, `${frames.length} pictures in 3 s`)
      assert.deepEqual([frames[0]?.width, frames[0]?.height], [640, 480])
      const luma = frames[0]?.data[1_000] ?? 0
      assert.ok(Math.abs(luma - 90) < 12, `blue-gray of luma ${luma}`)
      camera.pause(true)
      const pausedAtMs = performance.now()
      const stalled = await untilState(box, id, 'stalled', 12_000)
      assert.ok(performance.now() - pausedAtMs <= 10_500)
      assert.equal(stalled.problem?.reason, 'no-frames')
      camera.pause(false)
      await untilState(box, id, 'live')
      camera.drop()
      await untilState(box, id, 'live')
      stop()
      await box.ask(`/api/cameras/${id}`, { method: 'DELETE' })
      await until('the stream to be left', () => camera.watching() === 0)
    })
  })

  it('asks for stills at its pace, learns from 304 that nothing changed, and never shows or logs its password', async () => {
    await withCamera(me, async (camera) => {
      const url = `http://me:${encodeURIComponent(PASSWORD)}@${new URL(camera.url).host}/snapshot.jpg?token=hunter2`
      const { id } = await addCamera(box, { kind: 'still', url, intervalS: 0.5 }, 'Shed')
      await untilState(box, id, 'live')
      await until('an unchanged picture', () => camera.asked.some((line) => line.endsWith('304')))
      const before = box.cameras.latestFrame(id)?.data[1_000] ?? 0
      camera.change()
      await until(
        'the changed picture',
        () => Math.abs((box.cameras.latestFrame(id)?.data[1_000] ?? before) - before) > 8,
      )
      const refusals = camera.asked.filter((line) => line.endsWith('401')).length
      assert.equal(refusals, 1, 'one sign-in for all pictures')
      camera.drop()
      await camera.stop()
      await untilState(box, id, 'failed')
      const row = await box.database.reader.selectFrom('cameras').selectAll().execute()
      const everything = [
        ...[(await box.ask('/api/cameras')).text, JSON.stringify(row), JSON.stringify(box.events)],
        ...[JSON.stringify([...box.notices.values()]), ...box.logLines, ...box.server.logLines],
      ].join('\n')
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'p@ss', 'p%40ss', 'hunter2'])
        assert.ok(!everything.includes(secret), secret)
      await box.ask(`/api/cameras/${id}`, { method: 'DELETE' })
    }).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'ERR_SERVER_NOT_RUNNING') throw error
    })
  })
})
