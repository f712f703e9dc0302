import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FULL_PACE, nextPace, type PaceState } from '../../appliance/src/cameras/pace.ts'
import { mayReachCamera } from '../../appliance/src/cameras/reach.ts'
import { authorization, readChallenge } from '../../appliance/src/cameras/sources/http/digest.ts'
import { boundaryOf, createPartReader } from '../../appliance/src/cameras/sources/http/multipart.ts'
import { subStreamsOf } from '../../appliance/src/cameras/sources/sub-streams.ts'
import { listUsbCameras } from '../../appliance/src/cameras/sources/usb-devices.ts'
import { chooseFormat } from '../../appliance/src/cameras/sources/usb.ts'

describe('where the smaller stream is', () => {
  const cases: [main: string, sub: string][] = [
    ['rtsp://u:p@c:554/Streaming/Channels/101', 'rtsp://u:p@c:554/Streaming/Channels/102'],
    [
      'rtsp://c/Streaming/channels/1601?transportmode=unicast',
      'rtsp://c/Streaming/channels/1602?transportmode=unicast',
    ],
    ['rtsp://c/h264/ch1/main/av_stream', 'rtsp://c/h264/ch1/sub/av_stream'],
    ['rtsp://c/cam/realmonitor?channel=1&subtype=0', 'rtsp://c/cam/realmonitor?channel=1&subtype=1'],
    [
      'rtsp://c/cam/realmonitor?channel=1&subtype=0&unicast=true',
      'rtsp://c/cam/realmonitor?channel=1&subtype=1&unicast=true',
    ],
    ['rtsp://c/h264Preview_01_main', 'rtsp://c/h264Preview_01_sub'],
    ['rtsp://c/h265Preview_02_main', 'rtsp://c/h264Preview_02_sub'],
    ['rtsp://c/Preview_01_main', 'rtsp://c/Preview_01_sub'],
    ['rtsp://u:stream1@c:554/stream1', 'rtsp://u:stream1@c:554/stream2'],
    ['rtsp://c:88/videoMain', 'rtsp://c:88/videoSub'],
    ['rtsp://c/axis-media/media.amp', 'rtsp://c/axis-media/media.amp?resolution=640x360'],
    [
      'rtsp://c/axis-media/media.amp?videocodec=h264',
      'rtsp://c/axis-media/media.amp?videocodec=h264&resolution=640x360',
    ],
    ['rtsp://c/media/video1', 'rtsp://c/media/video2'],
    ['rtsp://c/unicast/c1/s0/live', 'rtsp://c/unicast/c1/s1/live'],
    ['rtsp://c/user=a&password=b&channel=1&stream=0.sdp', 'rtsp://c/user=a&password=b&channel=1&stream=1.sdp'],
  ]
  for (const [main, sub] of cases) it(main, () => assert.equal(subStreamsOf(main)[0]?.url, sub))

  it('is nowhere for addresses that say nothing, and never on another host', () => {
    for (const url of [
      'rtsps://nvr:7441/AbCdEf123',
      'rtsp://c/live',
      'rtsp://stream1/x',
      'rtsp://c/stream12',
      'rtsp://c/Streaming/Channels/102',
    ])
      assert.deepEqual(subStreamsOf(url), [], url)
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) =>
        subStreamsOf(url).every((sub) => new URL(sub.url).host === new URL(url).host),
      ),
    )
  })
})

describe('signing in over HTTP', () => {
  const asked = { method: 'GET', uri: '/dir/index.html', count: 1 }
  it('answers as RFC 7616 and RFC 2617 have it in their examples', () => {
    const rfc7616 = readChallenge([
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    ])
    const mufasa = { username: 'Mufasa', password: 'Circle of Life' }
    const clientNonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
    assert.ok(rfc7616)
    assert.match(
      authorization(rfc7616, mufasa, { ...asked, clientNonce }),
      /algorithm=SHA-256, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"/,
    )
    const old = readChallenge([
      'Digest realm="testrealm@host.com",qop="auth",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
    ])
    assert.ok(old)
    const sent = authorization(
      old,
      { username: 'Mufasa', password: 'Circle Of Life' },
      { ...asked, clientNonce: '0a4f113b' },
    )
    assert.match(sent, /response="6629fae49393a05397450978507c4ef1"/)
  })

  it('takes Digest before Basic, from one line or two, and nothing it does not know', () => {
    assert.equal(readChallenge(['Basic realm="a", Digest realm="b", nonce="c"'])?.scheme, 'digest')
    assert.equal(readChallenge(['Basic realm="a, b"'])?.scheme, 'basic')
    assert.equal(readChallenge(['Negotiate', 'Digest realm="b"']), null)
    assert.equal(readChallenge(['Digest realm="b", nonce="c", qop="auth-int"']), null)
  })

  it('reads or refuses whatever a camera sends', () => {
    fc.assert(fc.property(fc.array(fc.string()), (headers) => void readChallenge(headers.map((h) => `Digest ${h}`))))
  })
})

describe('an MJPEG stream', () => {
  const jpeg = (n: number): Buffer =>
    Buffer.concat([Buffer.from([0xff, 0xd8, n]), Buffer.alloc(500 + n, n), Buffer.from('\r\n--fr')])
  const part = (body: Buffer, told: boolean): Buffer =>
    Buffer.concat([
      Buffer.from(`--frame\r\nContent-Type: image/jpeg\r\n${told ? `Content-Length: ${body.length}\r\n` : ''}\r\n`),
      ...[body, Buffer.from('\r\n')],
    ])

  it('comes out whole, whatever pieces it comes in', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), (told, cuts) => {
        const all = Buffer.concat([
          Buffer.from('preamble\r\n'),
          ...[1, 2, 3].map((n) => part(jpeg(n), told)),
          Buffer.from('--frame'),
        ])
        const got: Buffer[] = []
        const reader = createPartReader('--frame', (body) => got.push(Buffer.from(body)))
        for (let at = 0, n = 0; at < all.length; n++) {
          const size = cuts[n % cuts.length] ?? 1
          reader.push(all.subarray(at, at + size))
          at += size
        }
        assert.deepEqual(
          got.map((body) => body[2]),
          [1, 2, 3],
        )
        got.forEach((body, n) => assert.ok(body.subarray(0, jpeg(n + 1).length).equals(jpeg(n + 1))))
      }),
    )
  })

  it('that is none, or has no end, is refused before it fills the memory', () => {
    const reader = createPartReader('frame', () => undefined)
    assert.throws(() => reader.push(Buffer.alloc(10_000, 0x61)), /no MJPEG stream/)
    const long = createPartReader('frame', () => undefined)
    assert.throws(() => long.push(Buffer.from('--frame\r\nContent-Length: 99999999\r\n\r\n')), /no MJPEG stream/)
    assert.equal(boundaryOf('image/jpeg'), null)
    assert.equal(boundaryOf('multipart/x-mixed-replace;boundary=--myboundary'), '--myboundary')
  })
})

it('SEC-C8 cameras are in the home or on the internet, never the box itself nor link-local', () => {
  const own = ['192.168.1.5', 'fd00::5']
  for (const address of ['192.168.1.20', '10.0.0.9', 'fd00::9', '8.8.8.8', '2a00:1450::1', '100.64.1.1'])
    assert.ok(mayReachCamera(address, own), address)
  for (const address of [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '0.0.0.0',
    '::',
    '169.254.169.254',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:192.168.1.20',
    '64:ff9b::7f00:1',
    '224.0.0.1',
    ...own,
    'FD00::5',
    'text',
  ])
    assert.ok(!mayReachCamera(address, own), address)
})

describe('the pace of an overloaded box', () => {
  const run = (state: PaceState, rounds: number, reading: { busy: number; shares: number[] }): PaceState =>
    Array.from({ length: rounds }).reduce<PaceState>((each) => nextPace(each, reading), state)
  const overloaded = { busy: 0.99, shares: Array.from({ length: 20 }, () => 0.5) }
  const calm = { busy: 0.4, shares: Array.from({ length: 20 }, () => 1) }

  it('20 cameras that lag on a busy processor: every second picture, then key pictures only; back when calm', () => {
    const half = run(FULL_PACE, 2, overloaded)
    assert.equal(half.step, 'half')
    const key = run(half, 2, overloaded)
    assert.equal(key.step, 'key')
    assert.equal(run(key, 50, overloaded).step, 'key')
    assert.equal(run(key, 23, calm).step, 'key', 'patient after two steps down')
    assert.equal(run(key, 24, calm).step, 'half')
    assert.equal(run(key, 48, calm).step, 'full')
  })

  it('does not blame the box for a slow network, nor for work that harms nobody', () => {
    assert.equal(run(FULL_PACE, 99, { busy: 0.3, shares: [0.4, 0.4] }).step, 'full')
    assert.equal(run(FULL_PACE, 99, { busy: 1, shares: [1, 0.95, 0.5] }).step, 'full')
    assert.equal(run(FULL_PACE, 99, { busy: 1, shares: [] }).step, 'full')
    assert.equal(run(FULL_PACE, 1, overloaded).step, 'full', 'one bad round is none')
  })

  it('grows more patient with each relapse, up to a quarter of an hour', () => {
    let state = FULL_PACE
    for (let relapse = 0; relapse < 10; relapse++) state = run(run(state, 2, overloaded), 200, calm)
    assert.equal(state.patience, 96)
  })
})

describe('USB cameras', () => {
  it('are the nodes that send pictures, not those that tell about them nor decoders', async () => {
    const root = mkdtempSync(join(tmpdir(), 'lares-usb-'))
    try {
      const node = (name: string, what: string, index: string): void => {
        const folder = join(root, 'sys/class/video4linux', name)
        mkdirSync(folder, { recursive: true })
        writeFileSync(join(folder, 'name'), `${what}\n`)
        writeFileSync(join(folder, 'index'), `${index}\n`)
      }
      node('video0', 'HD Pro Webcam C920', '0')
      node('video1', 'HD Pro Webcam C920', '1')
      node('video10', 'bcm2835-codec-decode', '0')
      node('video2', 'USB Camera: USB Camera', '0')
      node('v4l-subdev0', 'imx219', '0')
      assert.deepEqual(await listUsbCameras(root), [
        { device: '/dev/video0', name: 'HD Pro Webcam C920' },
        { device: '/dev/video2', name: 'USB Camera: USB Camera' },
      ])
      assert.deepEqual(await listUsbCameras(join(root, 'nothing')), [])
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  })

  it('send packed pictures when they can', () => {
    const raw = '[video4linux2,v4l2 @ 0x5] Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480 1280x720'
    const packed = '[video4linux2,v4l2 @ 0x5] Compressed:       mjpeg :          Motion-JPEG : 640x480 1920x1080'
    assert.equal(chooseFormat([raw, packed]), 'mjpeg')
    assert.equal(chooseFormat([raw]), 'yuyv422')
  })
})
