import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { AcmeSource } from '../../../appliance/src/tls/acme/index.ts'
import { startFakeAuthority, type AuthorityOptions, type FakeAuthority } from '../../fakes/acme-authority.ts'
import { makeHome, type Home } from './home.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let home: Home
let authority: FakeAuthority
let source: AcmeSource

beforeEach(() => {
  home = makeHome()
})
afterEach(async () => {
  await source?.stop()
  assert.deepEqual(authority.violations, [])
  await authority.stop()
  home.remove()
})

async function open(options: Partial<AuthorityOptions> = {}): Promise<void> {
  authority = await startFakeAuthority({ clock: home.clock, ...options })
  const { directoryUrl, rootFile: directoryRoot } = authority
  await home.set({
    directoryUrl,
    directoryRoot,
    domains: 'home.example.org',
    email: 'me@example.org',
    agreeTerms: true as never,
  })
}

async function boot(): Promise<void> {
  source = home.boot()
  await source.start()
}

const has = (): boolean => source.current() !== null
const tried = (): boolean => source.status().lastTriedAtMs !== null
const failed = (): boolean => source.status().problem !== null

describe('SEC-B4 the first certificate', () => {
  test('is there within seconds: P-256, the names, its chain; keys for the owner alone', async () => {
    await open()
    await home.set({ domains: 'Home.Example.org cams.example.org' })
    await boot()
    let told = 0
    source.onChange(() => void told++)
    assert.equal(source.current(), null)
    await home.passUntil(has, MINUTE_MS)
    const { certPem, keyPem, names, notAfterMs } = source.current()!
    assert.deepEqual(names, ['home.example.org', 'cams.example.org'])
    assert.equal(certPem.match(/BEGIN CERTIFICATE/g)?.length, 2)
    const leaf = new X509Certificate(certPem)
    assert.ok(leaf.checkPrivateKey(createPrivateKey(keyPem)))
    assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
    assert.equal(notAfterMs, leaf.validToDate.getTime())
    assert.deepEqual([told, authority.orders.length, authority.accounts.size], [1, 1, 1])
    assert.deepEqual([...authority.accounts.values()][0]?.contact, ['mailto:me@example.org'])
    const files = home.files()
    assert.deepEqual(
      files.map((name) => name.replace(/-[0-9a-f]+/, '')),
      ['account.json', 'certificate.pem', 'state.json'],
    )
    for (const name of files) assert.equal(home.mode(name), 0o600, name)
    const status = source.status()
    assert.deepEqual([status.problem, status.lastRenewedAtMs === null], [null, false])
  })

  test('is proven over plain HTTP under any Host, and nothing is left there afterwards', async () => {
    await open()
    const server = createServer((request, response) => {
      if (!source.challengeHandler(request, response)) response.writeHead(308, { location: 'https://x/' }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/acme-challenge`
    const seen: string[] = []
    authority.prove = async ({ token, keyAuthorization }) => {
      const reply = await fetch(`${at}/${token}`, { headers: { 'x-any': 'host' } })
      seen.push(`${at}/${token}`)
      assert.equal(reply.headers.get('content-type'), 'application/octet-stream')
      return reply.status === 200 && (await reply.text()) === keyAuthorization
    }
    await boot()
    await home.passUntil(has, MINUTE_MS)
    assert.equal(seen.length, 1)
    for (const url of [seen[0]!, `${at}/`, `${at}/../../etc/passwd`, `${at}/%2e%2e`, `${at}/${'x'.repeat(400)}`])
      assert.ok([404, 308].includes((await fetch(url, { redirect: 'manual' })).status), url)
    assert.equal((await fetch(seen[0]!, { method: 'POST' })).status, 405)
    await new Promise((resolve) => server.close(resolve))
  })

  test('survives a restart, without another order; the account too', async () => {
    await open()
    await boot()
    await home.passUntil(has, MINUTE_MS)
    const first = source.current()
    await source.stop()
    await boot()
    assert.deepEqual(source.current(), first, 'at once, before anybody is asked')
    await home.pass(HOUR_MS)
    await home.set({ domains: 'home.example.org, more.example.org' })
    await home.passUntil(() => source.current()?.names.length === 2, HOUR_MS)
    assert.deepEqual([authority.orders.length, authority.accounts.size], [2, 1])
    assert.equal(authority.requests.filter((line) => line === 'POST /new-account').length, 1)
  })

  test('an account that the authority lost is made anew with the same key', async () => {
    await open()
    await boot()
    await home.passUntil(has, MINUTE_MS)
    const before = [...authority.accounts.keys()]
    authority.forgetAccounts()
    await home.set({ domains: 'other.example.org' })
    await home.passUntil(() => source.current()?.names[0] === 'other.example.org', HOUR_MS)
    assert.deepEqual([...authority.accounts.keys()], before)
  })

  test('an authority that finalizes later is waited for, at its pace', async () => {
    await open()
    authority.slowLooks = 4
    await boot()
    await home.passUntil(has, 2 * MINUTE_MS)
    const looks = authority.requests.filter((line) => line.startsWith('POST /order/')).length
    assert.ok(looks >= 4 && looks <= 8, `${looks} looks`)
    assert.equal(
      authority.requests.filter((line) => line.startsWith('POST /finalize/')).length,
      1,
      'never finalized twice',
    )
  })

  test('a storm of refused nonces is sat out', async () => {
    await open()
    authority.nonceRefusals = 0.6
    await boot()
    await home.passUntil(has, HOUR_MS)
    assert.equal(authority.orders.filter(({ status }) => status === 'valid').length, 1)
  })

  test('kinds of certificates are asked for where there are any', async () => {
    await open({ profiles: { tlsserver: 'https://a.example/', shortlived: 'https://b.example/' } })
    await home.set({ profile: 'nosuch' })
    await boot()
    await home.passUntil(failed)
    assert.match(source.status().problem!, /no kind of certificate called nosuch \(it has: tlsserver, shortlived\)/)
    await home.set({ profile: 'shortlived' })
    await home.passUntil(has, MINUTE_MS)
    assert.deepEqual(
      authority.orders.map(({ profile }) => profile),
      ['shortlived'],
    )
  })
})

describe('SEC-B4 before an order', () => {
  test('nothing is asked for without agreement to the terms, and the address of the terms is told', async () => {
    await open()
    await home.set({ agreeTerms: false as never })
    await boot()
    await home.passUntil(failed)
    assert.match(source.status().problem!, /agree to them first: https:\/\/localhost:\d+\/terms/)
    assert.deepEqual([authority.accounts.size, authority.orders.length], [0, 0])
    await home.set({ agreeTerms: true as never })
    await home.passUntil(has, HOUR_MS)
    assert.equal(source.status().problem, null)
  })

  test('an account that must be bound to a customer is', async () => {
    const hmacKey = Buffer.from('a key of thirty-two bytes, enough').toString('base64url')
    await open({ externalAccount: { kid: 'kid-1', hmacKey } })
    await boot()
    await home.passUntil(failed)
    assert.match(source.status().problem!, /key id and a key for new accounts/)
    await home.set({ eabKid: 'kid-1', eabHmacKey: hmacKey })
    await home.passUntil(has, HOUR_MS)
    assert.equal(authority.accounts.size, 1)
  })

  test('nothing is ordered while something is missing, or the clock is not set', async () => {
    await open()
    await home.set({ domains: '*.example.org' })
    home.clockTrusted = false
    await boot()
    await home.pass(2 * HOUR_MS)
    assert.match(source.status().problem!, /\*\.example\.org needs dns-01/)
    await home.set({ domains: 'home.example.org' })
    await home.pass(2 * HOUR_MS)
    assert.match(source.status().problem!, /clock of this box is not set/)
    assert.equal(authority.orders.length, 0)
    home.clockTrusted = true
    await home.passUntil(has, HOUR_MS)
  })
})

describe('SEC-B4 a power cut', () => {
  test('between order and certificate costs no second order: the same one is finished', async () => {
    await open()
    authority.intercept = (path) => (path.startsWith('/certificate/') ? { status: 503 } : undefined)
    await boot()
    await home.passUntil(failed)
    await source.stop()
    assert.ok(home.files().includes('order.json') && home.mode('order.json') === 0o600)
    assert.deepEqual([authority.orders.length, authority.orders[0]?.status], [1, 'valid'])
    authority.intercept = () => undefined
    await boot()
    await home.passUntil(has, HOUR_MS)
    assert.equal(authority.orders.length, 1)
    assert.ok(!home.files().includes('order.json'))
  })

  test('at any answer of the authority: afterwards there is one certificate, whole, and its key fits', async () => {
    await open()
    const stages = ['/new-account', '/new-order', '/authz/', '/challenge/', '/finalize/', '/order/', '/certificate/']
    for (const stage of stages) {
      let cut = false
      await home.set({ domains: `${stage.replaceAll(/\W/g, '')}.example.org` })
      authority.slowLooks = stage === '/order/' ? 2 : 0
      authority.intercept = (path) => {
        cut ||= path.startsWith(stage)
        return cut ? { status: 502 } : undefined
      }
      await boot()
      const before = source.status().lastTriedAtMs
      await home.passUntil(() => source.status().lastTriedAtMs !== before && failed(), HOUR_MS)
      await source.stop()
      authority.intercept = () => undefined
      await boot()
      await home.passUntil(() => source.status().problem === null && has(), HOUR_MS)
      await source.stop()
      const { certPem, keyPem } = source.current()!
      assert.ok(new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem)), stage)
    }
    assert.equal(
      authority.orders.filter(({ status }) => status === 'valid').length,
      stages.length,
      'one for each, none twice',
    )
  })

  test('right after the certificate was written: it is known, and not ordered again', async () => {
    await open()
    await boot()
    await home.passUntil(has, MINUTE_MS)
    const first = source.current()
    await source.stop()
    writeFileSync(join(home.dataDir, 'tls', 'acme', 'state.json'), 'half a fi')
    await boot()
    await home.pass(48 * HOUR_MS)
    assert.deepEqual(source.current(), first)
    assert.deepEqual([authority.orders.length, source.status().problem], [1, null])
  })

  test('that left half a certificate: it is kept aside, and a new one comes', async () => {
    await open()
    await boot()
    await home.passUntil(has, MINUTE_MS)
    await source.stop()
    const file = join(home.dataDir, 'tls', 'acme', 'certificate.pem')
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 700))
    await boot()
    assert.equal(source.current(), null)
    await home.passUntil(has, HOUR_MS)
    assert.ok(home.files().some((name) => name.startsWith('certificate.pem.damaged-')))
    assert.equal(authority.orders.length, 2)
  })
})

describe('SEC-B4 when the authority refuses', () => {
  test('429 with Retry-After: it is left alone for so long, over a restart too', async () => {
    await open()
    const rateLimited = { type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many new orders recently' }
    authority.intercept = (path) =>
      path === '/new-order' ? { status: 429, headers: { 'retry-after': '86400' }, body: rateLimited } : undefined
    await boot()
    await home.passUntil(failed)
    const atMs = home.clock.now()
    assert.match(source.status().problem!, /asks for a pause: “too many new orders recently”/)
    assert.ok(Math.abs(source.status().nextTryAtMs! - (atMs + 24 * HOUR_MS)) < MINUTE_MS)
    let asked = 0
    authority.intercept = (path) => void (asked += path === '/new-order' ? 1 : 0)
    await home.pass(12 * HOUR_MS)
    await source.stop()
    await boot()
    await home.pass(11 * HOUR_MS)
    assert.equal(asked, 0)
    await home.passUntil(has, 2 * HOUR_MS)
    assert.equal(asked, 1)
  })

  test('a proof that is wrong is told with the name, the proof is gone, and each further try is a new order', async () => {
    await open()
    authority.prove = async () => false
    await boot()
    await home.passUntil(failed)
    assert.match(
      source.status().problem!,
      /^home\.example\.org: .*did not find the proof.*wrong answer for home\.example\.org/,
    )
    await home.pass(24 * HOUR_MS)
    const count = authority.orders.length
    assert.ok(count >= 5 && count <= 8, `${count} orders in a day`)
    authority.prove = async () => true
    await home.passUntil(has, 13 * HOUR_MS)
    assert.equal(source.status().problem, null)
  })

  test('a certificate that does not fit is not taken: the old one stays and it is told why', async () => {
    await open()
    await boot()
    await home.passUntil(has, MINUTE_MS)
    const old = source.current()
    const chains = { alone: /BEGIN CERTIFICATE[^]*?END CERTIFICATE-----\n/, nothing: /^$/ }
    for (const [name, pattern] of Object.entries(chains)) {
      authority.intercept = (path) => {
        const order = authority.orders.at(-1)
        if (!path.startsWith('/certificate/') || !order?.leaf) return undefined
        const body = name === 'alone' ? `-----${pattern.exec(order.leaf.chainPem)?.[0] ?? ''}` : 'sorry'
        return { status: 200, headers: { 'content-type': 'application/pem-certificate-chain' }, body }
      }
      await home.set({ domains: `${name}.example.org` })
      await home.passUntil(failed, HOUR_MS)
      assert.match(source.status().problem!, /was not taken: .*The old one stays\./, name)
      assert.deepEqual(source.current(), old)
    }
  })
})

describe('SEC-B4 asked for by a person', () => {
  test('a new one comes at once; more than an authority gives in a week is refused', async () => {
    await open()
    await boot()
    await home.passUntil(has, MINUTE_MS)
    const renew = source.routes.find(({ path }) => path.endsWith('/renew'))!
    const press = (): Promise<unknown> => renew.run({} as never)
    assert.ok(renew.sudo && renew.needs === 'system.edit')
    for (let count = 2; count <= 4; count++) {
      await press()
      await home.passUntil(() => authority.orders.length === count && source.status().problem === null, HOUR_MS)
      await home.pass(HOUR_MS)
    }
    await assert.rejects(press(), { kind: 'too-many', code: 'RENEWED_OFTEN' })
    await home.set({ domains: '' })
    await assert.rejects(press(), { kind: 'conflict', code: 'CERTIFICATE_NOT_READY' })
    assert.ok(tried())
  })
})
