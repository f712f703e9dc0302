import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseSource, type Parsed } from '../../appliance/src/cameras/sources/index.ts'
import { rtspStream } from '../../appliance/src/cameras/sources/rtsp.ts'

const parse = (url: string, more: object = {}, stored: Parsed<'rtsp'> | null = null): Parsed<'rtsp'> =>
  parseSource({ kind: 'rtsp', url, ...more }, stored) as Parsed<'rtsp'>

describe('an address of a camera', () => {
  const HOST = 'rtsp://192.168.1.20:554/stream1'
  const cases: [typed: string, address: string, username?: string, password?: string][] = [
    [HOST, HOST],
    ['192.168.1.20:554/stream1', HOST],
    ['RTSP://cam.local/a', 'rtsp://cam.local/a'],
    ['rtsp://admin:secret@192.168.1.20:554/stream1', HOST, 'admin', 'secret'],
    ['rtsp://admin:p@ss:w/rd@192.168.1.20:554/stream1', HOST, 'admin', 'p@ss:w/rd'],
    ['rtsp://admin:p%40ss@192.168.1.20:554/stream1', HOST, 'admin', 'p@ss'],
    ['rtsp://admin:100%@192.168.1.20:554/stream1', HOST, 'admin', '100%'],
    ['rtsp://admin:a#b?c@192.168.1.20:554/stream1', HOST, 'admin', 'a#b?c'],
    ['rtsp://admin@192.168.1.20:554/stream1', HOST, 'admin'],
    ['rtsp://cam/live/user@home', 'rtsp://cam/live/user@home'],
    ['rtsp://[fe80::1%25eth0]:554/a', 'rtsp://[fe80::1%25eth0]:554/a'],
    ['rtsp://u:p@[2001:db8::5]/a', 'rtsp://[2001:db8::5]/a', 'u', 'p'],
  ]
  for (const [typed, address, username, password] of cases) {
    it(`${typed} is read`, () => {
      const { source, credentials } = parse(typed)
      assert.equal(source.kind === 'rtsp' && source.address, address)
      assert.deepEqual([credentials?.username, credentials?.password], [username, password])
    })
  }

  for (const typed of [
    ...[
      'http://cam/video',
      'file:///etc/passwd',
      'concat:a|b',
      '-i',
      '--help',
      'rtsp://',
      'rtsp://-i/x',
      'rtsp://cam:0/x',
    ],
    ...[
      'rtsp://cam:99999/x',
      'rtsp://cam\n/x',
      'rtsp://cam/a b',
      'rtsp://cam/\u0000',
      'rtsp://cam/ -f lavfi',
      'pipe:0',
      'lavfi:x',
    ],
  ]) {
    it(`${JSON.stringify(typed)} is refused in words`, () => {
      assert.throws(() => parse(typed), /^LaresError: [A-Z].+[.;]/)
    })
  }

  it('hides passwords in the query from everybody and hands them to ffmpeg', () => {
    for (const name of ['loginpas', 'psw', 'pw', 'access_token', 'secret', 'apikey', 'Password'])
      assert.ok(!JSON.stringify(parse(`rtsp://10.0.0.9/live?user=a&${name}=hunter2`).source).includes('hunter2'), name)
    const typed = 'rtsp://10.0.0.9:554/user=admin&password=hunter2&channel=1'
    const parsed = parse(typed)
    assert.equal(
      parsed.source.kind === 'rtsp' && parsed.source.address,
      'rtsp://10.0.0.9:554/user=admin&password=•••&channel=1',
    )
    assert.deepEqual(rtspStream(parsed), { kind: 'rtsp', url: typed, transport: 'tcp' })
    const again = parse('rtsp://10.0.0.9:554/user=admin&password=•••&channel=1', {}, parsed)
    assert.deepEqual(rtspStream(again), rtspStream(parsed))
    assert.throws(() => parse('rtsp://10.0.0.9:554/user=admin&password=•••&channel=2', {}, parsed), /hidden part/)
  })

  it('keeps the stored password for the same address only: another host never gets it', () => {
    const stored = parse('rtsp://me:secret@cam/a')
    assert.equal(parse('rtsp://cam/a', {}, stored).credentials?.password, 'secret')
    assert.equal(parse('rtsp://evil/a', {}, stored).credentials, null)
    assert.equal(parse('rtsp://cam/a', { password: 'new' }, stored).credentials?.password, 'new')
  })

  it('brings every user name and password whole to ffmpeg, in one argument that begins with rtsp://', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(text, text, (username, password) => {
        const parsed = parse('rtsp://cam:8554/a', { username, password })
        const stream = rtspStream(parsed)
        assert.ok(stream.kind === 'rtsp')
        assert.match(stream.url, /^rtsp:\/\/[\w.~%-]*:[\w.~%-]*@cam:8554\/a$/)
        const url = new URL(stream.url.replace('rtsp:', 'http:'))
        assert.deepEqual([decodeURIComponent(url.username), decodeURIComponent(url.password)], [username, password])
        assert.ok(!JSON.stringify(parsed.source).includes(encodeURIComponent(password)) || password.length < 3)
      }),
    )
  })

  it('reads or refuses whatever is typed, and what it reads has a plain host', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (typed) => {
        try {
          const stream = rtspStream(parse(`rtsp://${typed}`))
          assert.ok(stream.kind === 'rtsp' && !/\s/.test(stream.url) && !stream.url.includes('\0'))
        } catch (error) {
          assert.ok(
            error instanceof Error && ['LaresError', 'ZodError'].includes(error.constructor.name),
            String(error),
          )
        }
      }),
    )
  })
})

it('a file needs its whole path', () => {
  assert.throws(() => parseSource({ kind: 'file', path: 'film.mp4' }), /whole path/)
  assert.throws(() => parseSource({ kind: 'file', path: '-i' }), /whole path/)
  assert.deepEqual(parseSource({ kind: 'file', path: '/a/film.mp4' }).source, { kind: 'file', path: '/a/film.mp4' })
})
