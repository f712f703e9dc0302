import assert from 'node:assert/strict'
import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { createCaptiveServer } from '../../../appliance/src/host/hotspot/captive-server.ts'
import { hotspotRules } from '../../../appliance/src/host/hotspot/firewall.ts'
import { hotspotName, isDeviceName, newHotspotPassword } from '../../../appliance/src/host/hotspot/names.ts'
import type { PageState } from '../../../appliance/src/host/hotspot/types.ts'

const PORT = 42_085
const OWN = '10.42.0.1'
const server = createCaptiveServer({ clock: systemClock, log: silentLog(), ownHost: OWN, boxName: 'Lares-12AB' })
const page: PageState = {
  networks: [
    { ssid: 'Home <b>&"\'', strength: 80, security: 'password' },
    { ssid: 'Cafe', strength: 30, security: 'open' },
    { ssid: 'Office', strength: 50, security: 'unsupported' },
  ],
  ...{ lastFailure: null, country: null },
}
const never = new AbortController().signal

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

function ask(
  path: string,
  options: { host?: string; form?: Record<string, string>; headers?: Record<string, string>; method?: string } = {},
): Promise<Reply> {
  const body = options.form && new URLSearchParams(options.form).toString()
  return new Promise((resolve, reject) => {
    const headers = { Host: options.host ?? OWN, ...options.headers }
    const method = options.method ?? (body === undefined ? 'GET' : 'POST')
    const outgoing = request({ port: PORT, host: '127.0.0.1', path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    outgoing.once('error', reject).end(body)
  })
}

const token = async (): Promise<string> => /name="token" value="([^"]+)"/.exec((await ask('/')).body)?.[1] ?? ''

before(() => server.open(page, { host: '127.0.0.1', port: PORT }))
after(() => server.close())

describe('the page of the access point', () => {
  test('phones that ask whether they are in the internet are led to it', async () => {
    for (const [host, path] of [
      ['connectivitycheck.gstatic.com', '/generate_204'],
      ['captive.apple.com', '/hotspot-detect.html'],
      ['www.msftconnecttest.com', '/connecttest.txt'],
      ['detectportal.firefox.com', '/canonical.html'],
      ['lares.local', '/api/setup'],
    ] as const) {
      const { status, headers } = await ask(path, { host })
      assert.deepEqual([status, headers.location], [302, `http://${OWN}/`], host)
    }
  })

  test('holds the form and nothing else of the product', async () => {
    const { status, headers, body } = await ask('/', { headers: { 'Accept-Language': 'de-AT,de;q=0.9' } })
    assert.equal(status, 200)
    assert.match(body, /Home &#60;b&#62;&#38;&#34;&#39;/)
    assert.doesNotMatch(body, /<script|<b>|https?:\/\//)
    assert.match(body, /value="ssid:Office" disabled/)
    assert.match(body, /<option value="AT" selected>/)
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/)
    for (const path of ['/api/setup', '/trust', '/join', '/../etc/passwd'])
      assert.equal((await ask(path)).status, 302, path)
    assert.equal((await ask('/', { method: 'DELETE' })).status, 405)
  })

  test('a form that another page sends, or a wrong one, asks for nothing', async () => {
    const good = { network: 'ssid:Home <b>&"\'', password: 'long enough', country: 'DE' }
    assert.equal((await ask('/join', { form: { ...good, token: 'guessed' } })).status, 403)
    assert.equal((await ask('/join', { form: good })).status, 403)
    assert.equal((await ask('/scan', { form: {} })).status, 403)
    const ours = { ...good, token: await token() }
    const wrong: [Record<string, string>, RegExp][] = [
      [{ ...ours, password: 'short' }, /8 to 63/],
      [{ ...ours, password: '' }, /asks for its password/],
      [{ ...ours, country: '' }, /which country/],
      [{ ...ours, country: 'DE\noptions x' }, /which country/],
      [{ ...ours, network: 'other', name: '' }, /pick your Wi-Fi/],
      [{ ...ours, network: 'ssid:' + 'x'.repeat(33) }, /too long/],
    ]
    for (const [form, words] of wrong) {
      const { status, body } = await ask('/join', { form })
      assert.equal(status, 422)
      assert.match(body, words)
      assert.doesNotMatch(body, /long enough/)
    }
    await ask('/join', { form: { ...ours, password: 'x'.repeat(10_000) } }).catch(() => undefined)
    assert.equal(await server.nextRequest(1, never), null)
  })

  test('half a request holds nobody up', async () => {
    const half = connect(PORT, '127.0.0.1', () => half.write('POST /join HTTP/1.1\r\nHost: 10.42.0.1\r\n'))
    half.on('error', () => undefined)
    assert.equal((await ask('/')).status, 200)
    half.destroy()
  })

  test('a good form is handed on once; until it is carried out the page says so', async () => {
    const form = { network: 'ssid:Home <b>&"\'', password: 'long enough', country: 'DE', token: await token() }
    assert.match((await ask('/join', { form })).body, /is joining <strong>Home &#60;b/)
    assert.match((await ask('/join', { form: { ...form, network: 'ssid:Cafe' } })).body, /One moment/)
    assert.deepEqual(await server.nextRequest(1, never), {
      ...{ kind: 'join', country: 'DE' },
      wanted: { ssid: 'Home <b>&"\'', password: 'long enough', hidden: false },
    })
    assert.match((await ask('/')).body, /One moment/)
    await server.close()
    await server.open(
      { ...page, lastFailure: { ssid: 'Away', failure: 'not-found' } },
      { host: '127.0.0.1', port: PORT },
    )
    const { body } = await ask('/')
    assert.match(body, /Away was not heard/)
    assert.match(body, /name="name"[^>]*value="Away"/)
  })
})

describe('names and rules', () => {
  test('the password is new each time and has no sign that is mistaken; the name is that of the radio', () => {
    const made = new Set(Array.from({ length: 200 }, newHotspotPassword))
    assert.equal(made.size, 200)
    for (const password of made)
      assert.match(password, /^([acdefghjkmnpqrtwxy34679]{4}-){2}[acdefghjkmnpqrtwxy34679]{4}$/)
    assert.equal(hotspotName('dc:a6:32:01:12:ab\n'), 'Lares-12AB')
    assert.equal(hotspotName(''), 'Lares-Setup')
    assert.deepEqual(['wlan0', 'wlp1s0', 'a"; drop', ''].map(isDeviceName), [true, true, false, false])
    assert.match(hotspotRules('wlan0'), /delete table inet lares_hotspot/)
  })
})
