import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { LookFailed, type DetectorBackend } from '../../appliance/src/vision/backends/backend.ts'
import { multipartForm } from '../../appliance/src/vision/backends/multipart.ts'
import { remoteCandidate, type RemoteSettings } from '../../appliance/src/vision/backends/remote.ts'
import { makeTestCertificates } from '../fakes/certificates.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { startRemoteDetector, type RemoteBehaviour, type RemoteOptions } from '../fakes/remote-detector.ts'

const [WIDTH, HEIGHT] = [64, 48]
const picture = () => ({ width: WIDTH, height: HEIGHT, data: new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(100) })
const certificates = makeTestCertificates()
after(() => certificates.remove())

const candidateFor = (settings: Partial<RemoteSettings>, clock = systemClock) =>
  remoteCandidate({
    clock,
    settings: () => ({ url: '', key: '', ca: '', remote: false, plainHttp: false, ...settings }),
  })

const open = (settings: Partial<RemoteSettings>, clock = systemClock): Promise<DetectorBackend> =>
  candidateFor(settings, clock).open({ name: 'm', file: 'm.onnx' }, new AbortController().signal)

async function start(t: TestContext, options: RemoteOptions, settings: Partial<RemoteSettings> = {}, hasty = false) {
  const server = await startRemoteDetector(options)
  const backend = await open({ url: server.url, ...settings }, hasty ? createHastyClock(10) : systemClock)
  t.after(async () => {
    await backend.end()
    await server.close()
  })
  return { server, backend }
}

test('lares: a server that takes pixels gets them as they are, with their size; one that takes something else gets JPEG', async (t) => {
  const { server, backend } = await start(t, { dialect: 'lares', accepts: ['image/webp', 'image/x-lares-yuv420'] })
  assert.equal((await backend.look(picture(), 0.25)).detections.length, 1)
  const { body, headers, path } = server.asked.at(-1) ?? assert.fail('nothing was asked')
  assert.equal(headers['content-type'], 'image/x-lares-yuv420')
  assert.equal(path, `/v1/detector/look?minScore=0.25&width=${WIDTH}&height=${HEIGHT}`)
  assert.deepEqual(new Uint8Array(body), picture().data)
  const other = await start(t, { dialect: 'lares', accepts: ['image/webp'] })
  await other.backend.look(picture(), 0.25)
  assert.equal(other.server.asked.at(-1)?.headers['content-type'], 'image/jpeg')
})

for (const dialect of ['lares', 'deepstack'] as const) {
  test(`${dialect}: the protocol is found by asking, a JPEG goes out, boxes come back in fractions`, async (t) => {
    const { server, backend } = await start(t, { dialect })
    assert.equal(backend.facts.model.family, dialect)
    const { detections, data } = await backend.look(picture(), 0.25)
    assert.equal(data.length, (WIDTH * HEIGHT * 3) / 2)
    const [{ box, ...seen } = assert.fail('nobody was seen')] = detections
    assert.deepEqual(seen, { class: 'person', score: 0.9 })
    for (const [side, value] of Object.entries({ x: 0.4, y: 0.4, width: 0.1, height: 0.3 }))
      assert.ok(Math.abs(box[side as keyof typeof box] - value) < 1e-9, side)
    const { body, headers } = server.asked.at(-1) ?? assert.fail('nothing was asked')
    assert.ok(body.includes(Buffer.from([0xff, 0xd8, 0xff])), 'a JPEG')
    assert.match(headers['content-type'] ?? '', dialect === 'lares' ? /^image\/jpeg$/ : /^multipart\/form-data/)
  })

  const wrong: [RemoteBehaviour, RegExp][] = [
    ['error-500', /failed \(500\)/],
    ['redirect', /lead elsewhere/],
    ['huge', /far too long/],
    ['slow-drip', /took too long/],
    ['silent', /took too long/],
    ['not-json', /makes no sense/],
    ['nan', /makes no sense/],
    ['out-of-range', /makes no sense/],
    ['too-many-boxes', /makes no sense/],
    ['wants-key', /does not accept the key/],
  ]
  for (const [behaviour, words] of wrong) {
    test(`${dialect}: ${behaviour} is a failed look with the reason, and the picture is still whole`, async (t) => {
      const { server, backend } = await start(t, { dialect }, {}, true)
      server.set(behaviour)
      const failed = await backend.look(picture(), 0.25).catch((error: unknown) => error)
      assert.ok(failed instanceof LookFailed, String(failed))
      assert.match(failed.message, words)
      assert.deepEqual(failed.data, picture().data)
      server.set('good')
      assert.equal((await backend.look(picture(), 0.25)).detections.length, 1, 'a later look may succeed')
    })
  }

  test(`${dialect}: labels that Lares does not know are dropped`, async (t) => {
    const { server, backend } = await start(t, { dialect })
    server.set('wrong-labels')
    assert.deepEqual((await backend.look(picture(), 0.25)).detections, [])
  })
}

test('many looks share one connection', async (t) => {
  const { server, backend } = await start(t, { dialect: 'deepstack' })
  for (let i = 0; i < 10; i++) await backend.look(picture(), 0.25)
  assert.equal(server.connections(), 1)
})

test('the key is sent where it is asked for, and only there', async (t) => {
  const { server, backend } = await start(t, { dialect: 'deepstack' }, { key: 'sesame' })
  server.set('wants-key')
  assert.equal((await backend.look(picture(), 0.25)).detections.length, 1)
  const without = await start(t, { dialect: 'deepstack' })
  await without.backend.look(picture(), 0.25)
  assert.equal(without.server.asked.at(-1)?.headers.authorization, undefined)
  assert.ok(!without.server.asked.at(-1)?.body.includes('api_key'))
})

test('SEC-C8: a certificate counts only when somebody vouches for it', async (t) => {
  const tls = { key: certificates.keyPem, cert: certificates.certPem }
  const server = await startRemoteDetector({ dialect: 'lares', tls })
  t.after(() => server.close())
  await assert.rejects(open({ url: server.url }), /not one that this box trusts/)
  assert.equal(server.asked.length, 0, 'nothing was sent')
  const backend = await open({ url: server.url, ca: certificates.rootPem })
  assert.equal((await backend.look(picture(), 0.25)).detections.length, 1)
  await backend.end()
})

const places: [what: string, settings: Partial<RemoteSettings>, words: RegExp | null][] = [
  ['nothing', {}, /No address is set/],
  ['plain HTTP on another machine', { url: 'http://192.168.1.9:32168' }, /over HTTPS only/],
  ['plain HTTP on another machine, allowed', { url: 'http://192.168.1.9:32168', plainHttp: true }, null],
  ['the internet', { url: 'https://1.1.1.1' }, /outside the home/],
  ['the internet, over plain HTTP that is allowed', { url: 'http://1.1.1.1', plainHttp: true }, /outside the home/],
  ['the internet, allowed', { url: 'https://1.1.1.1', remote: true }, null],
  ['a key in the address', { url: 'https://user:secret@192.168.1.9' }, /belongs into its own setting/],
  ['another scheme', { url: 'ftp://192.168.1.9' }, /over HTTP only/],
]
for (const [what, settings, words] of places) {
  test(`SEC-C8: ${what} as the address`, async () => {
    const missing = await candidateFor(settings).missing()
    if (words) assert.match(missing?.reason ?? '', words)
    else assert.equal(missing, null)
    assert.doesNotMatch(missing?.reason ?? '', /secret/)
  })
}

test('a name that leads out of the home is refused when it is looked up', async () => {
  await assert.rejects(open({ url: 'http://localhost.invalid:1' }), /cannot be reached/)
})

test('a form has its fields and its file in order', () => {
  const file = { field: 'image', name: 'look.jpg', type: 'image/jpeg', bytes: Buffer.from('JPEG') }
  const { contentType, body } = multipartForm({ min_confidence: '0.25' }, file)
  const boundary = /boundary=(.+)$/.exec(contentType)?.[1] ?? ''
  const [, field = '', picture = '', end] = body.toString('latin1').split(`--${boundary}`)
  assert.match(field, /^\r\ncontent-disposition: form-data; name="min_confidence"\r\n\r\n0\.25\r\n$/)
  assert.match(picture, /name="image"; filename="look\.jpg"\r\ncontent-type: image\/jpeg\r\n\r\nJPEG\r\n$/)
  assert.equal(end, '--\r\n')
})
