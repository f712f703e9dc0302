import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:https'
import { dirname } from 'node:path'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as soon } from 'node:timers/promises'
import { createLeaf } from '../../appliance/src/tls/local-ca/certificates.ts'
import type { Tls } from '../../appliance/src/tls/index.ts'
import { doorOf, makeBox, opensslText, opensslVerify, read, type Box } from './box.ts'

const DAY_MS = 24 * 60 * 60_000
const MINUTE_MS = 60_000

let box: Box
beforeEach(async () => {
  box = await makeBox()
})
afterEach(() => box.remove())

const leafOf = (tls: Tls): X509Certificate => new X509Certificate(doorOf(tls).fallback().certPem)

describe('SEC-B2 the private root', () => {
  test('is P-256, ten years, and limited to the home by a critical constraint', async () => {
    const tls = box.boot()
    await tls.start()
    const text = opensslText(tls.rootPem())
    assert.match(text, /NIST CURVE: P-256/)
    assert.match(text, /Basic Constraints: critical\s+CA:TRUE, pathlen:0/)
    assert.match(text, /Key Usage: critical\s+Certificate Sign, CRL Sign/)
    assert.match(
      text,
      /Name Constraints: critical\s+Permitted:\s+DNS:local\s+DNS:home\.arpa\s+DNS:localhost\s+DNS:internal\s+IP:127\.0\.0\.0\/255\.0\.0\.0/,
    )
    for (const range of [
      '10.0.0.0/255.0.0.0',
      '172.16.0.0/255.240.0.0',
      '192.168.0.0/255.255.0.0',
      '169.254.0.0/255.255.0.0',
      'FC00:0:0:0:0:0:0:0/FE00:0',
      'FE80:0:0:0:0:0:0:0/FFC0:0',
    ])
      assert.ok(text.includes(`IP:${range}`), range)
    assert.doesNotMatch(text, /Excluded/)
    const root = new X509Certificate(tls.rootPem())
    const years = (root.validToDate.getTime() - root.validFromDate.getTime()) / (365.25 * DAY_MS)
    assert.ok(years > 9.9 && years < 10.1)
    assert.equal(tls.fingerprint(), root.fingerprint256)
    await tls.stop()
  })

  test('keys are for the owner alone, and a careless copy is put right', async () => {
    await box.boot().start()
    const mode = (file: string): number => statSync(file).mode & 0o777
    assert.deepEqual([mode(box.rootFile), mode(box.leafFile), mode(dirname(box.rootFile))], [0o600, 0o600, 0o700])
    chmodSync(box.rootFile, 0o644)
    await box.boot().start()
    assert.equal(mode(box.rootFile), 0o600)
  })

  test('survives restarts, with the leaf', async () => {
    const first = box.boot()
    await first.start()
    const second = box.boot()
    await second.start()
    assert.equal(second.fingerprint(), first.fingerprint())
    assert.deepEqual(doorOf(second).fallback(), doorOf(first).fallback())
  })

  test('when damaged is never replaced: the start fails with what to do', async () => {
    await box.boot().start()
    const whole = read(box.rootFile)
    const certificateOnly = whole.slice(0, whole.indexOf('-----BEGIN PRIVATE'))
    const other = await makeBox()
    await other.boot().start()
    const foreignKey = certificateOnly + read(other.rootFile).slice(read(other.rootFile).indexOf('-----BEGIN PRIVATE'))
    other.remove()
    for (const damaged of ['', 'x', certificateOnly, foreignKey, whole.replace('MII', 'MIJ')]) {
      writeFileSync(box.rootFile, damaged)
      await assert.rejects(box.boot().start(), { code: 'ROOT_DAMAGED', message: /Restore it from a backup/ })
      assert.equal(read(box.rootFile), damaged, 'left as it is')
    }
  })
})

describe('SEC-B2 the server certificate', () => {
  test('holds for names and addresses of the home, for openssl', async () => {
    box.network.hostname = 'pi.fritz.box'
    box.network.addresses = {
      eth0: ['192.168.1.20', 'fd12::5', 'fe80::1', '2003:e5::1'],
      tailscale0: ['100.64.0.7'],
      lo: ['127.0.0.1'],
    }
    const tls = box.boot()
    await tls.start()
    const { certPem } = doorOf(tls).fallback()
    for (const name of ['lares.local', 'pi.local', 'localhost'])
      assert.equal(opensslVerify(tls.rootPem(), certPem, '-verify_hostname', name), 'OK', name)
    for (const ip of ['192.168.1.20', 'fd12::5', '127.0.0.1', '::1'])
      assert.equal(opensslVerify(tls.rootPem(), certPem, '-verify_ip', ip), 'OK', ip)
    assert.match(opensslVerify(tls.rootPem(), certPem, '-verify_hostname', 'other.local'), /hostname mismatch/i)
    // What the root may not vouch for would make the whole certificate invalid, so it is left out.
    assert.doesNotMatch(leafOf(tls).subjectAltName ?? '', /fritz|2003|100\.64|FE80/i)
    const leaf = leafOf(tls)
    assert.equal(Math.round((leaf.validToDate.getTime() - box.clock.now()) / DAY_MS), 397)
    assert.match(opensslText(certPem), /CA:FALSE[^]*Digital Signature[^]*TLS Web Server Authentication/)
    assert.equal((leaf.serialNumber.length * 4) / 128, 1)
    await tls.stop()
  })

  test('the root cannot vouch for anybody on the internet', async () => {
    const tls = box.boot()
    await tls.start()
    const key = /-----BEGIN PRIVATE[^]+/.exec(read(box.rootFile))?.[0] ?? ''
    for (const host of ['bank.example.com', '8.8.8.8', '2606:4700::1111', '100.64.0.7']) {
      const forged = await createLeaf({ certPem: tls.rootPem(), keyPem: key }, [host], box.clock.now())
      assert.match(opensslVerify(tls.rootPem(), forged.certPem), /error 47[^]*permitted subtree violation/, host)
    }
    const good = await createLeaf(
      { certPem: tls.rootPem(), keyPem: key },
      ['tv.home.arpa', '10.9.8.7'],
      box.clock.now(),
    )
    assert.equal(opensslVerify(tls.rootPem(), good.certPem), 'OK')
    await tls.stop()
  })

  test('is served as a chain that Node accepts, and swapped while running', async (context) => {
    const tls = box.boot()
    await tls.start()
    const { certPem, keyPem } = doorOf(tls).fallback()
    const server = createServer({ cert: certPem, key: keyPem }, (_request, response) => response.end('ok'))
    context.after(() => server.close())
    doorOf(tls).onChange(() =>
      server.setSecureContext({ cert: doorOf(tls).fallback().certPem, key: doorOf(tls).fallback().keyPem }),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const serial = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const { port } = server.address() as AddressInfo
        get({ port, host: '127.0.0.1', servername: 'lares.local', ca: tls.rootPem(), agent: false }, (response) => {
          resolve(
            (response.socket as unknown as { getPeerCertificate(): { serialNumber: string } }).getPeerCertificate()
              .serialNumber,
          )
          response.resume()
        }).on('error', reject)
      })
    const before = await serial()
    box.network.addresses.wlan0 = ['192.168.7.7']
    // Nobody types an address quicker than that after the cable went in: Lares starts without waiting for the network.
    await box.clock.advance(2_000)
    while ((await serial()) === before) await soon(5)
    assert.ok(leafOf(tls).checkIP('192.168.7.7'))
    assert.ok(tls.hosts().includes('192.168.7.7'))
    await tls.stop()
  })
})

describe('SEC-B2 the server certificate is replaced', () => {
  test('at two thirds of its life and for a new name, not otherwise', async () => {
    const tls = box.boot()
    await tls.start()
    let changes = 0
    doorOf(tls).onChange(() => void changes++)
    const first = leafOf(tls).serialNumber
    await box.minutes(5)
    assert.equal(leafOf(tls).serialNumber, first)
    box.clock.setWallClock(box.clock.now() + 264 * DAY_MS)
    await box.minutes(1)
    assert.equal(leafOf(tls).serialNumber, first)
    box.clock.setWallClock(box.clock.now() + DAY_MS)
    await box.minutes(1)
    assert.notEqual(leafOf(tls).serialNumber, first)
    assert.equal(changes, 1)
    box.network.hostname = 'attic'
    await box.minutes(1)
    assert.ok(leafOf(tls).checkHost('attic.local'))
    assert.ok(tls.hosts().includes('attic'))
    box.network.addresses = {}
    await box.minutes(1)
    assert.equal(changes, 2, 'an address that went away is no reason')
    await tls.stop()
  })

  test('even when the disk takes nothing more', async () => {
    const tls = box.boot()
    await tls.start()
    const stored = read(box.leafFile)
    mkdirSync(`${box.leafFile}.${process.pid}.tmp`)
    box.network.addresses.wlan0 = ['10.0.0.9']
    await box.minutes(1)
    assert.ok(leafOf(tls).checkIP('10.0.0.9'))
    assert.equal(read(box.leafFile), stored)
    await tls.stop()
  })

  test('when it is damaged or foreign: the old one is kept aside and the owner is told', async () => {
    const other = await makeBox()
    await other.boot().start()
    const foreign = read(other.leafFile)
    other.remove()
    const first = box.boot()
    await first.start()
    for (const damaged of ['x', foreign]) {
      writeFileSync(box.leafFile, damaged)
      const tls = box.boot()
      await tls.start()
      assert.equal(tls.fingerprint(), first.fingerprint(), 'the root stays')
      assert.equal(
        opensslVerify(tls.rootPem(), doorOf(tls).fallback().certPem, '-verify_hostname', 'lares.local'),
        'OK',
      )
      assert.match(box.notices.get('tls-leaf')?.detail ?? '', /nothing is to be done/)
      const [aside = ''] = readdirSync(dirname(box.leafFile)).filter((name) => name.includes('.damaged-'))
      assert.equal(read(`${dirname(box.leafFile)}/${aside}`), damaged)
      box.clock.setWallClock(box.clock.now() - 1)
    }
  })
})

describe('a clock that is not set', () => {
  const NEW_YEAR_1970 = Date.UTC(1970, 0, 1)

  test('on the very first start: certificates begin at a time that is surely past, and the owner is told', async () => {
    box.clock.setWallClock(NEW_YEAR_1970)
    const tls = box.boot()
    await tls.start()
    assert.equal(tls.clockTrusted(), false)
    assert.match(box.notices.get('clock')?.title ?? '', /clock .* is not set/)
    const now = Date.now()
    assert.ok(leafOf(tls).validFromDate.getTime() <= now && leafOf(tls).validToDate.getTime() > Date.UTC(2027, 0, 1))
    box.clock.setWallClock(now)
    await box.minutes(1)
    assert.equal(tls.clockTrusted(), true)
    assert.equal(box.notices.has('clock'), false)
    await tls.stop()
  })

  test('later: what was seen last is remembered, and the leaf stays valid', async () => {
    const first = box.boot()
    await first.start()
    await box.minutes(60)
    const lastSeen = box.clock.now()
    await first.stop()
    box.clock.setWallClock(NEW_YEAR_1970)
    box.network.addresses.eth0 = ['192.168.1.99']
    const second = box.boot()
    await second.start()
    assert.equal(second.clockTrusted(), false)
    const from = leafOf(second).validFromDate.getTime()
    assert.ok(Math.abs(from - (lastSeen - 60 * MINUTE_MS)) < 2_000, 'begins an hour before the last seen time')
    await second.stop()
  })

  test('set back by days is noticed; kept for an hour it is believed', async () => {
    const tls = box.boot()
    await tls.start()
    box.clock.setWallClock(box.clock.now() + 30 * DAY_MS)
    await box.minutes(1)
    box.clock.setWallClock(box.clock.now() - 10 * DAY_MS)
    await box.minutes(1)
    assert.equal(tls.clockTrusted(), false)
    await box.minutes(59)
    assert.equal(tls.clockTrusted(), false)
    await box.minutes(2)
    assert.equal(tls.clockTrusted(), true)
    assert.equal(box.notices.has('clock'), false)
    await tls.stop()
  })

  test('a remembered time that was damaged moves nothing', async () => {
    await box.boot().start()
    for (const text of ['', '9'.repeat(40), '-1', 'soon']) {
      writeFileSync(`${box.dataDir}/tls/last-seen-time`, text)
      const tls = box.boot()
      await tls.start()
      assert.equal(tls.clockTrusted(), true, text)
      await tls.stop()
    }
  })
})
