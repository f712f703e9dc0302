import assert from 'node:assert/strict'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { parseRange } from '../../appliance/src/http/byte-range.ts'
import { route, type FileReply } from '../../appliance/src/http/index.ts'
import { startServer, type Harness } from './harness.ts'

const CLIP = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251))

const routes = [
  route({
    method: 'GET',
    path: '/api/files/:name',
    summary: 'Serves whatever it is asked for: the server below must refuse.',
    needs: 'public',
    limit: 'media',
    params: z.strictObject({ name: z.string() }),
    query: z.strictObject({ path: z.string() }),
    reply: 'bytes',
    run: async ({ query }): Promise<FileReply> => ({
      kind: 'file',
      path: query.path,
      contentType: 'video/mp4',
      cacheS: 60,
      downloadAs: 'Hof Tür.mp4',
    }),
  }),
  route({
    method: 'GET',
    path: '/api/picture',
    summary: 'Bytes.',
    needs: 'public',
    limit: 'media',
    reply: 'bytes',
    run: async (): Promise<FileReply> => ({
      kind: 'bytes',
      body: Buffer.from('picture'),
      contentType: 'image/jpeg',
      cacheS: 0,
    }),
  }),
]
const fileAt = (path: string): string => `/api/files/x?path=${encodeURIComponent(path)}`

let at: Harness
before(async () => {
  at = await startServer(routes, {
    limitTiers: Object.fromEntries(
      ['general', 'media', 'login', 'devices', 'costly'].map((tier) => {
        const budget = { count: 100_000, perS: 60, burst: 100_000 }
        return [tier, { anonymous: budget, signedIn: budget }]
      }),
    ) as never,
  })
  await writeFile(join(at.dataDir, 'media', 'clip.mp4'), CLIP)
  await writeFile(join(at.dataDir, 'secret.key'), 'hunter2')
  await writeFile(join(at.dataDir, 'lares.db'), 'hunter2')
  await symlink(join(at.dataDir, 'secret.key'), join(at.dataDir, 'media', 'link.mp4'))
  await symlink(at.dataDir, join(at.dataDir, 'media', 'up'))
  await mkdir(join(at.dataDir, 'media-other'))
  await writeFile(join(at.dataDir, 'media-other', 'clip.mp4'), 'hunter2')
})
after(() => at.stop())

test('a whole file, with its name for saving', async () => {
  for (const path of ['media/clip.mp4', join(at.dataDir, 'media', 'clip.mp4')]) {
    const reply = await at.ask(fileAt(path))
    assert.equal(reply.status, 200)
    assert.ok(reply.bytes.equals(CLIP))
    assert.equal(reply.headers['content-type'], 'video/mp4')
    assert.equal(reply.headers['accept-ranges'], 'bytes')
    assert.equal(reply.headers['cache-control'], 'private, max-age=60')
    assert.match(String(reply.headers['content-disposition']), /filename\*=UTF-8''Hof%20T%C3%BCr\.mp4/)
  }
})

test('ranges: first, middle, open, last, beyond, several', async () => {
  const ask = (range: string) => at.ask(fileAt('media/clip.mp4'), { headers: { range } })
  for (const [range, start, end] of [
    ['bytes=0-0', 0, 0],
    ['bytes=100-199', 100, 199],
    ['bytes=9900-', 9900, 9999],
    ['bytes=-100', 9900, 9999],
    ['bytes=9000-99999', 9000, 9999],
  ] as const) {
    const reply = await ask(range)
    assert.equal(reply.status, 206, range)
    assert.equal(reply.headers['content-range'], `bytes ${start}-${end}/10000`)
    assert.equal(reply.headers['content-length'], String(end - start + 1))
    assert.ok(reply.bytes.equals(CLIP.subarray(start, end + 1)))
  }
  const beyond = await ask('bytes=10000-')
  assert.equal(beyond.status, 416)
  assert.equal(beyond.headers['content-range'], 'bytes */10000')
  assert.equal((await ask('bytes=0-1,5-6')).status, 200)
  assert.equal((await ask('lines=1-2')).status, 200)
})

test('unchanged files are not sent again, changed ones never continued', async () => {
  const first = await at.ask(fileAt('media/clip.mp4'))
  const etag = String(first.headers.etag)
  const again = await at.ask(fileAt('media/clip.mp4'), { headers: { 'if-none-match': etag } })
  assert.equal(again.status, 304)
  assert.equal(again.bytes.length, 0)
  const part = (condition: string) =>
    at.ask(fileAt('media/clip.mp4'), { headers: { range: 'bytes=5-9', 'if-range': condition } })
  assert.equal((await part(etag)).status, 206)
  assert.equal((await part('"another"')).status, 200)
})

test('HEAD tells the size without the bytes', async () => {
  const reply = await at.ask(fileAt('media/clip.mp4'), { method: 'HEAD' })
  assert.equal(reply.status, 200)
  assert.equal(reply.headers['content-length'], '10000')
  assert.equal(reply.bytes.length, 0)
})

test('SEC-C4 nothing outside the media folder leaves the box, links followed', async () => {
  const attacks = [
    '../secret.key',
    'media/../secret.key',
    'secret.key',
    'lares.db',
    './lares.db',
    'media/link.mp4',
    'media/up/secret.key',
    'media/up/media/link.mp4',
    join(at.dataDir, 'secret.key'),
    '/etc/passwd',
    'media',
    'media/',
    '.',
    '',
    '..',
    'media-other/clip.mp4',
    'media/../media-other/clip.mp4',
    '../../../../../../etc/passwd',
    'media/clip.mp4\0.jpg',
    '\0',
    'media\\..\\secret.key',
    '....//secret.key',
    '%2e%2e/secret.key',
    '..%2fsecret.key',
    'media/clip.mp4/../../secret.key',
    'file:///etc/passwd',
    '~/.ssh/id_rsa',
    'x'.repeat(5_000),
  ]
  for (const path of attacks) {
    const reply = await at.ask(fileAt(path))
    assert.equal(reply.status, 404, JSON.stringify(path))
    assert.doesNotMatch(reply.text, /hunter2|root:/, path)
  }
})

test('SEC-C4 addresses with encoded separators and dots reach nothing', async () => {
  await writeFile(join(at.staticDir, '..', 'beside.txt'), 'hunter2')
  await symlink(join(at.dataDir, 'secret.key'), join(at.staticDir, 'assets', 'link.js'))
  const attacks = [
    '/../beside.txt',
    '/assets/../../beside.txt',
    '/%2e%2e/beside.txt',
    '/..%2fbeside.txt',
    '/assets/..%2f..%2fbeside.txt',
    '/..%5cbeside.txt',
    '/%2e%2e%2fbeside.txt',
    '/assets/%252e%252e/beside.txt',
    '/assets/link.js',
    '/assets/%00',
    '//etc/passwd',
    '/assets//../../beside.txt',
    '/api/files/..%2f..%2fsecret?path=x',
    '/api/files/%2e%2e?path=x',
    '/%c0%ae%c0%ae/beside.txt',
    '/assets/.%2e/.%2e/beside.txt',
    '/;/../beside.txt',
  ]
  for (const path of attacks) {
    const reply = await at.ask(path)
    assert.ok([400, 404].includes(reply.status), `${path}: ${reply.status}`)
    assert.doesNotMatch(reply.text, /hunter2|root:/, path)
  }
})

test('bytes are sent as they are', async () => {
  const reply = await at.ask('/api/picture')
  assert.equal(reply.text, 'picture')
  assert.equal(reply.headers['content-type'], 'image/jpeg')
  assert.equal(reply.headers['cache-control'], 'no-store')
})

test('a range is never outside the file, whatever the header', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
        fc.nat().map((n) => `bytes=-${n}`),
      ),
      fc.nat(20_000),
      (header, size) => {
        const range = parseRange(header, size)
        if (typeof range === 'string') return
        assert.ok(range.start >= 0 && range.start <= range.end && range.end < size)
      },
    ),
  )
})

describe('the app', () => {
  let at: Harness
  before(async () => {
    at = await startServer([])
    await writeFile(join(at.staticDir, 'index.html'), `<!doctype html><title>Lares</title>${' '.repeat(2_000)}`)
    await writeFile(join(at.staticDir, 'sw.js'), 'self.x = 1')
    await writeFile(join(at.staticDir, 'manifest.webmanifest'), '{}')
    await writeFile(join(at.staticDir, 'assets', 'app-1a2b.js'), 'let x = 1\n'.repeat(500))
    await writeFile(join(at.staticDir, 'assets', 'app-1a2b.js.br'), 'packed beforehand')
  })
  after(() => at.stop())
  const page = { accept: 'text/html,*/*' }

  test('every page is the app; a missing file is missing', async () => {
    for (const path of ['/', '/incidents', '/cameras/0197c1de-4b7a-7c3e-9d55-1b2c3d4e5f60']) {
      const reply = await at.ask(path, { headers: page })
      assert.equal(reply.status, 200, path)
      assert.match(reply.text, /<title>Lares/)
      assert.equal(reply.headers['cache-control'], 'no-cache')
    }
    assert.equal((await at.ask('/assets/missing.js', { headers: { accept: '*/*' } })).status, 404)
    assert.equal((await at.ask('/api/missing', { headers: page })).status, 404)
  })

  test('hashed files are kept for ever, the service worker never', async () => {
    const asset = await at.ask('/assets/app-1a2b.js')
    assert.match(String(asset.headers['cache-control']), /immutable/)
    for (const path of ['/sw.js', '/manifest.webmanifest'])
      assert.equal((await at.ask(path)).headers['cache-control'], 'no-cache')
    assert.equal(
      (await at.ask('/manifest.webmanifest')).headers['content-type'],
      'application/manifest+json; charset=utf-8',
    )
    assert.match(String((await at.ask('/sw.js')).headers['content-type']), /^text\/javascript/)
  })

  test('packed copies: made beforehand, or on the spot', async () => {
    const ready = await at.ask('/assets/app-1a2b.js', { headers: { 'accept-encoding': 'br' } })
    assert.equal(ready.text, 'packed beforehand')
    assert.equal(ready.headers['content-encoding'], 'br')
    assert.match(String(ready.headers['content-type']), /^text\/javascript/)
    const now = await at.ask('/', { headers: { ...page, 'accept-encoding': 'gzip' } })
    assert.equal(now.headers['content-encoding'], 'gzip')
    assert.ok(now.bytes.length < 500)
    const again = await at.ask('/', {
      headers: { ...page, 'accept-encoding': 'gzip', 'if-none-match': String(now.headers.etag) },
    })
    assert.equal(again.status, 304)
  })

  test('before the app is built the box says so in words', async () => {
    const bare = await startServer([], { staticDir: '/nonexistent' })
    try {
      const reply = await bare.ask('/', { headers: page })
      assert.equal(reply.status, 503)
      assert.match(reply.text, /not built yet/)
    } finally {
      await bare.stop()
    }
  })
})
