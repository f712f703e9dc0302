import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { DEVICES, deviceOf } from '../../appliance/src/tls/trust/devices.ts'
import { addressBytes } from '../../appliance/src/tls/local-ca/name-constraints.ts'
import { mobileconfig } from '../../appliance/src/tls/trust/mobileconfig.ts'
import { trustPage } from '../../appliance/src/tls/trust/trust-page.ts'
import { setUpOwner, startAccess, type Access } from '../accounts/access.ts'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1'
const PIXEL = 'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36'

interface Plain {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  text: string
}

let at: Access

/** Over the plain port, as a phone that trusts nothing yet. */
function plain(path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Plain> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ host: '127.0.0.1', port: at.httpPort, path, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const body = Buffer.concat(chunks)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString() })
      })
    })
    call.on('error', reject)
    call.end()
  })
}

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

before(async () => {
  at = await startAccess()
})
after(() => at.stop())

describe('SEC-B3 the trust page', () => {
  test('explains, over plain HTTP, with fingerprint, QR and the way on', async () => {
    for (const path of ['/', '/trust', '/trust/', '/trust?from=qr']) {
      const page = await plain(path)
      assert.equal(page.status, 200, path)
      assert.match(page.headers['content-type'] ?? '', /^text\/html/)
      for (const group of at.tls.fingerprint().replaceAll(':', '').match(/.{4}/g) ?? [])
        assert.ok(page.text.includes(`<code>${group}</code>`))
      assert.match(page.text, /<svg[^>]*aria-label="QR code"/)
      assert.ok(page.text.includes(`href="${at.origin}/"`))
    }
  })

  test('opens the steps for the device that asks, and has those for the others', async () => {
    const open = async (userAgent: string): Promise<string[]> => {
      const { text } = await plain('/', { headers: { 'user-agent': userAgent } })
      return [...text.matchAll(/<details( open)?><summary>([^<]+)/g)].map(
        ([, isOpen, title]) => `${title}${isOpen ?? ''}`,
      )
    }
    assert.deepEqual(await open(IPHONE), ['iPhone and iPad open', 'Android', 'Windows', 'Mac', 'Linux'])
    assert.deepEqual(await open(PIXEL), ['Android open', 'iPhone and iPad', 'Windows', 'Mac', 'Linux'])
    assert.deepEqual(await open('curl/8'), ['iPhone and iPad', 'Android', 'Windows', 'Mac', 'Linux'])
    const { text } = await plain('/', { headers: { 'user-agent': IPHONE } })
    assert.match(text, /Certificate Trust Settings/)
  })

  test('SEC-B6 runs nothing but its own style and script, which the policy names by hash', async () => {
    const { headers, text } = await plain('/')
    const policy = String(headers['content-security-policy'])
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(text) ?? []
    const [, script = ''] = /<script>([^]*?)<\/script>/.exec(text) ?? []
    assert.ok(policy.includes(`style-src ${sha256(style)};`) && policy.includes(`script-src ${sha256(script)};`))
    assert.match(policy, /default-src 'none'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.doesNotMatch(text, / style=| onclick=/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
  })

  test('escapes what the owner named the home', () => {
    const input = {
      homeName: '"><script>alert(1)</script>',
      fingerprint: 'AA',
      httpsOrigin: 'https://lares.local',
      device: null,
      clockTrusted: true,
      publicOrigins: [],
      clientsRequired: false,
    }
    assert.ok(!trustPage(input).html.includes('<script>alert'))
  })

  test('says when the clock of the box is not set', async () => {
    const input = {
      ...{ homeName: 'Home', fingerprint: 'AA', httpsOrigin: 'https://lares.local', device: null },
      ...{ publicOrigins: [], clientsRequired: false },
    }
    assert.match(trustPage({ ...input, clockTrusted: false }).html, /clock of this box is not set/)
    assert.doesNotMatch(trustPage({ ...input, clockTrusted: true }).html, /clock of this box/)
  })

  test('leads to a certified name: a bare name is followed by .local', async () => {
    const { port } = new URL(at.origin)
    const page = await plain('/', { headers: { host: `lares:${at.httpPort}` } })
    assert.equal(page.status, 200)
    assert.ok(page.text.includes(`href="https://lares.local:${port}/"`))
    const named = await plain('/', { headers: { host: `localhost:${at.httpPort}` } })
    assert.ok(named.text.includes(`href="https://localhost:${port}/"`))
  })
})

describe('SEC-B3 what the trust page hands out', () => {
  test('hands out the root in three forms, here and over HTTPS', async () => {
    const der = new X509Certificate(at.tls.rootPem()).raw
    const crt = await plain('/trust/lares-root.crt')
    assert.equal(crt.headers['content-type'], 'application/x-x509-ca-cert')
    assert.deepEqual(crt.body, der)
    assert.match(String(crt.headers['content-disposition']), /attachment; filename="lares-root\.crt"/)
    const pem = await plain('/trust/lares-root.pem')
    assert.equal(new X509Certificate(pem.text).fingerprint256, at.tls.fingerprint())
    assert.doesNotMatch(pem.text, /PRIVATE/)
    const profile = await plain('/trust/lares-root.mobileconfig')
    assert.equal(profile.headers['content-type'], 'application/x-apple-aspen-config')
    assert.equal(profile.headers['content-disposition'], undefined)
    const [, data = ''] = /<data>([^<]+)<\/data>/.exec(profile.text) ?? []
    assert.deepEqual(Buffer.from(data, 'base64'), der)
    const secure = await at.browser().call('GET', '/api/trust/root/lares-root.crt')
    assert.deepEqual(secure.body, der)
    assert.equal(secure.headers['content-type'], 'application/x-x509-ca-cert')
  })

  test('the profile is well-formed, and installing it twice is one profile', async () => {
    const facts = { der: Buffer.from('x'), fingerprint: 'AA:BB' }
    const text = mobileconfig(facts, 'Müller & <Söhne>')
    assert.equal(text, mobileconfig(facts, 'Müller & <Söhne>'))
    assert.match(text, /Lares · Müller &amp; &lt;Söhne&gt;/)
    const uuids = [...text.matchAll(/<key>PayloadUUID<\/key><string>([^<]+)/g)].map(([, uuid]) => uuid)
    assert.equal(new Set(uuids).size, 2)
    for (const uuid of uuids)
      assert.match(uuid ?? '', /^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/)
  })

  test('the picture that shows trust loads from the plain page, and only over HTTPS', async () => {
    const picture = await at.browser().call('GET', '/api/trust/check.png?123')
    assert.equal(picture.status, 200)
    assert.equal(picture.headers['content-type'], 'image/png')
    assert.equal(picture.headers['cross-origin-resource-policy'], 'cross-origin')
    assert.equal(picture.headers['cache-control'], 'no-store')
    assert.equal((await plain('/api/trust/check.png')).status, 308)
  })
})

describe('the plain port', () => {
  test('SEC-B6 everything else goes to HTTPS with its path; changing methods do not reach the page', async () => {
    const away = await plain('/incidents/7?x=1')
    assert.equal(away.status, 308)
    assert.equal(away.headers.location, `${at.origin}/incidents/7?x=1`)
    const post = await plain('/trust', { method: 'POST' })
    assert.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD'])
    const head = await plain('/trust', { method: 'HEAD' })
    assert.deepEqual([head.status, head.body.length], [200, 0])
    assert.ok(Number(head.headers['content-length']) > 1_000)
  })

  test('SEC-B8 a foreign name gets nothing', async () => {
    assert.equal((await plain('/', { headers: { host: 'evil.example' } })).status, 421)
  })

  test('/api/trust tells names, addresses and dates to whoever may see them', async () => {
    const { browser } = await setUpOwner(at)
    const trust = await browser.must<Record<string, unknown>>('GET', '/api/trust')
    assert.equal(trust.rootFingerprint, at.tls.fingerprint())
    assert.equal(trust.trustPage, `http://127.0.0.1:${at.httpPort}/trust`)
    assert.ok((trust.names as string[]).includes('lares.local'))
    assert.equal((await at.browser().call('GET', '/api/trust')).status, 401)
  })
})

describe('small things', () => {
  test('a device is one of five or unknown, whatever the browser says', () => {
    fc.assert(fc.property(fc.string(), (userAgent) => [null, ...DEVICES].includes(deviceOf(userAgent))))
    assert.deepEqual(['Windows NT 10.0', 'Macintosh; Intel Mac OS X', 'X11; Linux x86_64', PIXEL].map(deviceOf), [
      'windows',
      'macos',
      'linux',
      'android',
    ])
  })

  test('IPv6 addresses become their 16 bytes, shortened or not', () => {
    fc.assert(
      fc.property(
        fc.ipV6().filter((address) => !address.includes('.')),
        (address) => {
          const bytes = addressBytes(address)
          const hex = bytes.toString('hex').match(/.{4}/g)?.join(':') ?? ''
          assert.equal(new URL(`http://[${hex}]/`).hostname, new URL(`http://[${address}]/`).hostname)
        },
      ),
    )
  })
})
