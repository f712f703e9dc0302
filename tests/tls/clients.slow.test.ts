import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { Certificates, ClientCertificate, IssueClientReply } from '../../appliance/src/api/certificates.ts'
import { listEntries } from '../../appliance/src/audit/store.ts'
import { openToEverybody } from '../../appliance/src/tls/index.ts'
import { createHttpsClient, type HttpsClient } from '../harness/https-client.ts'
import { setUpOwner, startAccess, type Access, type Owner } from '../accounts/access.ts'
import { makeAuthority } from './authority.ts'
import { askOn, closed, curl, openTls, until, type CurlAnswer } from './wire.ts'

let folder: string
let at: Access
let owner: Owner
let browser: HttpsClient
const file = (name: string): string => join(folder, name)

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'lares-clients-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** Key and certificate out of the file, as a phone takes them: by openssl, with the password. */
function unlock(reply: IssueClientReply): { cert: string; key: string } {
  const name = reply.certificate.id
  writeFileSync(file(`${name}.p12`), Buffer.from(reply.pkcs12, 'base64'))
  const open = (...args: string[]): string =>
    execFileSync('openssl', ['pkcs12', '-in', file(`${name}.p12`), '-passin', `pass:${reply.password}`, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  writeFileSync(file(`${name}.crt`), open('-clcerts', '-nokeys'))
  writeFileSync(file(`${name}.key`), open('-nocerts', '-nodes'))
  return { cert: file(`${name}.crt`), key: file(`${name}.key`) }
}

const portOf = (): number => Number(new URL(at.origin).port)

function knock(identity: { cert: string; key: string } | null, ...more: string[]): Promise<CurlAnswer> {
  writeFileSync(file('root.pem'), at.tls.rootPem())
  const shown = identity ? ['--cert', identity.cert, '--key', identity.key] : []
  return curl('--cacert', file('root.pem'), ...shown, ...more, `${at.origin}/api/setup`)
}

async function start(options: Parameters<typeof startAccess>[0] = {}): Promise<void> {
  at = await startAccess(options)
  ;({ owner, browser } = await setUpOwner(at))
}

/** The second factor counts as fresh again. */
async function confirm(): Promise<void> {
  await at.clock.advance(30_000)
  await browser.must('POST', '/api/session/sudo', { code: owner.totp() })
}

const issue = (name: string): Promise<IssueClientReply> =>
  browser.must<IssueClientReply>('POST', '/api/certificates/clients', { name })
const require_ = (required: boolean) => browser.call('PUT', '/api/certificates/clients-required', { required })
const overview = (): Promise<Certificates> => browser.must<Certificates>('GET', '/api/certificates')

describe('SEC-B5 client certificates', () => {
  beforeEach(() => start())
  afterEach(() => at.stop())

  test('accepted, refused and revoked with the real curl; what is open ends with it', async () => {
    const anna = await issue('Anna’s phone, älter #1')
    const ben = await issue('Ben')
    const [annas, bens] = [unlock(anna), unlock(ben)]
    assert.match(anna.password, /^[a-z2-9]{4}(-[a-z2-9]{4}){4}$/)
    assert.equal((await knock(null)).status, 200, 'nobody is asked before it is switched on')

    assert.equal((await require_(true)).status, 200)
    assert.equal((await knock(annas)).status, 200)
    assert.equal((await knock(bens)).status, 200)
    for (const version of ['--tlsv1.2 --tls-max 1.2', '--tlsv1.3']) {
      const none = await knock(null, ...version.split(' '))
      assert.equal(none.status, 0, version)
      assert.match(none.words, /certificate required|handshake failure|alert/i, version)
    }
    // A certificate that looks the same, but of another root.
    const foreign = await (await makeAuthority()).leaf({ uses: ['1.3.6.1.5.5.7.3.2'] })
    writeFileSync(file('foreign.crt'), foreign.certPem)
    writeFileSync(file('foreign.key'), foreign.keyPem)
    assert.equal((await knock({ cert: file('foreign.crt'), key: file('foreign.key') })).status, 0)
    // The server's own certificate is of the right root, and no client's.
    const { certPem, keyPem } = at.tls.door!.fallback()
    writeFileSync(file('server.crt'), certPem)
    writeFileSync(file('server.key'), keyPem)
    assert.equal((await knock({ cert: file('server.crt'), key: file('server.key') })).status, 0)

    const pem = unlock(ben)
    const identity = { cert: execFileSync('cat', [pem.cert]), key: execFileSync('cat', [pem.key]) }
    const open = await openTls(portOf(), identity)
    assert.equal(await askOn(open), 'HTTP/1.1 200 OK')
    const session = open.getSession()
    const owners = createHttpsClient(at.origin, at.tls.rootPem(), { cert: annas.cert, key: annas.key })
    for (const [name, value] of browser.cookies) owners.cookies.set(name, value)
    assert.equal((await owners.call('DELETE', `/api/certificates/clients/${ben.certificate.id}`)).status, 200)
    await closed(open)
    assert.equal((await knock(bens)).status, 0)
    const resumed = await openTls(portOf(), { ...identity, ...(session && { session }) }).catch(() => null)
    if (resumed) await assert.rejects(askOn(resumed), 'a resumed connection of a revoked one')
    assert.equal((await knock(annas)).status, 200)
    owners.close()
    const { certificates } = await viaAnna(annas)
    assert.deepEqual(
      certificates.map(({ name, state }) => `${name}: ${state}`),
      ['Ben: revoked', 'Anna’s phone, älter #1: active'],
    )
  })

  async function viaAnna(identity: { cert: string; key: string }): Promise<{ certificates: ClientCertificate[] }> {
    const client = createHttpsClient(at.origin, at.tls.rootPem(), identity)
    for (const [name, value] of browser.cookies) client.cookies.set(name, value)
    const reply = await client.must<{ certificates: ClientCertificate[] }>('GET', '/api/certificates/clients')
    client.close()
    return reply
  }

  test('nobody locks themselves out: none issued, last one, trial, console', async () => {
    const none = await require_(true)
    assert.deepEqual([none.status, none.json().error_code], [409, 'NO_CLIENT'])
    const only = await issue('Ada')
    assert.equal((await require_(true)).status, 200)
    assert.equal((await knock(null)).status, 0)
    // Nobody came in with it: after ten minutes it is off again, and the owner reads why.
    await at.clock.advance(11 * 60_000)
    await until(async () => (await knock(null)).status === 200, 'the trial ends')
    await browser.must('POST', '/api/session/refresh')
    assert.equal((await overview()).clients.required, false)

    await confirm()
    assert.equal((await require_(true)).status, 200)
    const identity = unlock(only)
    assert.equal((await knock(identity)).status, 200)
    await until(
      () => at.settings !== null && at.logLines.some((line) => line.includes('Client certificates work')),
      'the trial is passed',
    )
    await at.clock.advance(60 * 60_000)
    assert.equal((await knock(null)).status, 0, 'it stays')
    const last = createHttpsClient(at.origin, at.tls.rootPem(), identity)
    for (const [name, value] of browser.cookies) last.cookies.set(name, value)
    for (const [name, path] of browser.cookies.paths) last.cookies.paths.set(name, path)
    await last.must('POST', '/api/session', { username: owner.username, password: owner.password, code: owner.totp() })
    const refused = await last.call('DELETE', `/api/certificates/clients/${only.certificate.id}`)
    assert.deepEqual([refused.status, refused.json().error_code], [409, 'LAST_CLIENT'])
    last.close()

    const page = await curl(`http://127.0.0.1:${at.httpPort}/trust`)
    assert.equal(page.status, 200, 'the trust page stays reachable')
    assert.match(page.words, /asks for a client certificate[^]*lares -- clients open/)
    await openToEverybody({ settings: at.settings, audit: at.audit })
    assert.equal((await knock(null)).status, 200)
  })
})

describe('SEC-B5 issuing client certificates', () => {
  beforeEach(() => start())
  afterEach(() => at.stop())

  test('SEC-A14, E2 issuing, revoking and requiring need a fresh second factor, and are in the record', async () => {
    const { certificate } = await issue('Ada')
    await browser.must('DELETE', `/api/certificates/clients/${certificate.id}`)
    await at.clock.advance(10 * 60_000)
    for (const [method, path, body] of [
      ['POST', '/api/certificates/clients', { name: 'x' }],
      ['DELETE', `/api/certificates/clients/${certificate.id}`, undefined],
      ['PUT', '/api/certificates/clients-required', { required: true }],
      ['PUT', '/api/certificates/mode', { mode: 'acme' }],
    ] as const) {
      const reply = await browser.call(method, path, body)
      assert.deepEqual([reply.status, reply.json().error_code], [403, 'SUDO_REQUIRED'], path)
    }
    await confirm()
    await browser.must('PUT', '/api/certificates/mode', { mode: 'acme' })
    assert.equal((await overview()).mode, 'acme')
    await at.audit.stop()
    const types = (await listEntries(at.database.reader, { limit: 50 })).map(({ type }) => type)
    for (const type of [
      'client_certificate_issued',
      'client_certificate_revoked',
      'tls_changed',
      'certificate_renewed',
    ])
      assert.ok(types.includes(type), type)
  })

  test('the locked file is handed to the phone over plain HTTP for a quarter of an hour', async () => {
    const { links, linksUntil, password } = await issue('Ada & Co')
    assert.equal(linksUntil - at.clock.now(), 15 * 60_000)
    const profile = await curl('--dump-header', '-', links.mobileconfig)
    assert.equal(profile.status, 200)
    assert.match(profile.words, /application\/x-apple-aspen-config[^]*com\.apple\.security\.pkcs12/)
    assert.doesNotMatch(profile.words, /content-disposition/i)
    assert.match(profile.words, /Ada &amp; Co/)
    assert.equal((await curl('--output', file('got.p12'), links.pkcs12)).status, 200)
    const opened = (password: string): boolean =>
      spawnSync('openssl', ['pkcs12', '-in', file('got.p12'), '-noout', '-passin', `pass:${password}`]).status === 0
    assert.deepEqual([opened('wrong'), opened(password)], [false, true])
    await at.clock.advance(15 * 60_000)
    assert.notEqual((await curl(links.pkcs12)).status, 200, 'its time is over')
    assert.notEqual((await curl(links.mobileconfig.replace(/clients\/.{10}/, 'clients/AAAAAAAAAA'))).status, 200)
  })
})
