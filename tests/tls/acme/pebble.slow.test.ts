import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { silentLog } from '../../../appliance/src/core/log.ts'
import type { Settings } from '../../../appliance/src/settings/types.ts'
import { createDnsLookups } from '../../../appliance/src/tls/acme/dns/lookups.ts'
import { createAcmeSource, type AcmeSource } from '../../../appliance/src/tls/acme/index.ts'
import { acmeSettings } from '../../../appliance/src/tls/acme/settings.ts'
import { createHastyClock } from '../../fakes/hasty-clock.ts'
import {
  freePort,
  startNameServer,
  startPebble,
  type NameServer,
  type Pebble,
  type PebbleOptions,
} from '../../fakes/pebble.ts'
import { createFakeSettings } from '../../fakes/settings.ts'

const DAY_S = 86_400
const PATIENCE_MS = 90_000

let names: NameServer
let pebble: Pebble | null = null
let web: Server
let httpPort: number
let source: AcmeSource | null = null
let dataDir: string
let settings: Settings

before(async () => {
  names = await startNameServer({
    'example.test': [
      'home.example.test. IN A 127.0.0.1',
      'web.example.test. IN A 127.0.0.1',
      '_acme-challenge.home.example.test. IN TXT "of somebody else"',
      '_acme-challenge.far.example.test. IN CNAME proofs.example.test.',
    ].join('\n'),
  })
  httpPort = await freePort()
  web = createServer((request, response) => {
    if (!source?.challengeHandler(request, response)) response.writeHead(308, { location: 'https://x/' }).end()
  })
  await new Promise<void>((resolve) => web.listen(httpPort, '127.0.0.1', resolve))
})
after(async () => {
  web.closeAllConnections()
  await new Promise((resolve) => web.close(resolve))
  await names.stop()
})
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lares-pebble-home-'))
  settings = createFakeSettings()
})
afterEach(async () => {
  await source?.stop()
  await pebble?.stop()
  source = null
  pebble = null
  rmSync(dataDir, { recursive: true, force: true })
})

async function open(options: Partial<PebbleOptions> = {}): Promise<void> {
  pebble = await startPebble({ nameServer: names.address, httpPort, lifeS: 45 * DAY_S, ...options })
  await settings.set(acmeSettings.directoryUrl, pebble.directoryUrl)
  await settings.set(acmeSettings.directoryRoot, pebble.rootFile)
  await settings.set(acmeSettings.agreeTerms, true)
}

async function useDns(domains: string): Promise<void> {
  await settings.set(acmeSettings.domains, domains)
  await settings.set(acmeSettings.challenge, 'dns-01')
  await settings.set(acmeSettings.dnsProvider, 'rfc2136')
  await settings.set(acmeSettings.dnsWaitS, 30)
  await settings.set(acmeSettings.rfc2136Server, names.address)
  await settings.set(acmeSettings.rfc2136KeyName, names.keyName)
  await settings.set(acmeSettings.rfc2136Secret, names.secret)
}

async function boot(): Promise<AcmeSource> {
  const clock = createHastyClock(4)
  const lookups = createDnsLookups({ servers: [names.address], authoritativePort: names.port })
  source = createAcmeSource({ dataDir, clock, settings, lookups, log: silentLog(), clockTrusted: () => true })
  await source.start()
  return source
}

async function until(isSo: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS
  while (!isSo()) {
    if (performance.now() > giveUpAt) throw new Error(`it never became so: ${JSON.stringify(source?.status())}`)
    await pause(20)
  }
}

const lifeDays = ({ notBeforeMs, notAfterMs }: { notBeforeMs: number; notAfterMs: number }): number =>
  Math.round((notAfterMs - notBeforeMs) / 86_400_000)

function assertWhole(wanted: string[]): void {
  const { certPem, keyPem, names: given } = source!.current()!
  assert.deepEqual([...given].sort(), [...wanted].sort())
  const leaf = new X509Certificate(certPem)
  assert.ok(leaf.checkPrivateKey(createPrivateKey(keyPem)))
  assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  assert.ok((certPem.match(/BEGIN CERTIFICATE/g)?.length ?? 0) >= 2, 'with its chain')
}

describe("SEC-B4 against Let's Encrypt's test authority", () => {
  test('http-01: a 45-day certificate for two names; the account is used again after a restart', async () => {
    await open()
    await settings.set(acmeSettings.domains, 'home.example.test, web.example.test')
    const first = await boot()
    await until(() => first.current() !== null)
    assertWhole(['home.example.test', 'web.example.test'])
    assert.equal(lifeDays(first.current()!), 45)
    const account = readdirSync(join(dataDir, 'tls', 'acme')).find((name) => name.startsWith('account-'))!
    const stored = readFileSync(join(dataDir, 'tls', 'acme', account), 'utf8')
    await first.stop()
    const second = await boot()
    await settings.set(acmeSettings.domains, 'web.example.test')
    await second.routes.find(({ path }) => path.endsWith('/renew'))!.run({} as never)
    const before = second.current()!.certPem
    await until(() => second.current()!.certPem !== before)
    assertWhole(['web.example.test'])
    assert.equal(readFileSync(join(dataDir, 'tls', 'acme', account), 'utf8'), stored)
  })

  test('dns-01 by RFC 2136: the name and everything under it, one proof after the other, nothing left behind', async () => {
    await open({ lifeS: 6 * DAY_S })
    await useDns('home.example.test, *.home.example.test')
    await boot()
    await until(() => source!.current() !== null)
    assertWhole(['home.example.test', '*.home.example.test'])
    assert.equal(lifeDays(source!.current()!), 6)
    assert.deepEqual(await names.texts('_acme-challenge.home.example.test'), ['of somebody else'])
    assert.ok(
      !readdirSync(join(dataDir, 'tls', 'acme')).some((name) => name.startsWith('nsupdate-')),
      'the key is gone from the disk',
    )
  })

  test('dns-01 where the record is an alias of another name', async () => {
    await open()
    await useDns('far.example.test')
    await boot()
    await until(() => source!.current() !== null)
    assertWhole(['far.example.test'])
    assert.deepEqual(await names.texts('proofs.example.test'), [])
  })

  test('three of five nonces refused: it comes all the same', async () => {
    await open({ nonceRefusals: 60 })
    await settings.set(acmeSettings.domains, 'web.example.test')
    await boot()
    await until(() => source!.current() !== null)
    assertWhole(['web.example.test'])
  })

  test('the servers of a name are found and asked, past everything between', async () => {
    const { addresses, alias, authoritative } = createDnsLookups({
      servers: [names.address],
      authoritativePort: names.port,
    })
    assert.deepEqual(await addresses('web.example.test'), ['127.0.0.1'])
    assert.deepEqual(await addresses('nowhere.example.test'), [])
    assert.equal(await alias('_acme-challenge.far.example.test'), 'proofs.example.test')
    assert.equal(await alias('web.example.test'), null)
    const servers = (await authoritative('_acme-challenge.home.example.test'))!
    assert.ok(await servers.showsText('_acme-challenge.home.example.test', 'of somebody else'))
    assert.ok(!(await servers.showsText('_acme-challenge.home.example.test', 'another')))
    assert.equal(await authoritative('somewhere.else.test'), null)
    const nobody = createDnsLookups({ servers: ['127.0.0.1:1'] })
    await assert.rejects(nobody.addresses('web.example.test'))
  })

  test('a wrong TSIG key, and a name that leads nowhere, are told in words', async () => {
    await open()
    await useDns('home.example.test')
    await settings.set(acmeSettings.rfc2136Secret, Buffer.from('another key of thirty-two bytes').toString('base64'))
    await boot()
    await until(() => source!.status().problem !== null)
    assert.match(source!.status().problem!, /^The name server: refused the change \(.*(BADSIG|BADKEY|NOTAUTH|verify)/)
    await settings.set(acmeSettings.challenge, 'http-01')
    await settings.set(acmeSettings.domains, 'nowhere.example.test')
    await until(() => source!.status().problem?.startsWith('nowhere.example.test: ') ?? false)
    assert.equal(source!.current(), null)
  })
})
