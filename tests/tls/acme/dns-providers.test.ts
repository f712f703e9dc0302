import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { createCaller } from '../../../appliance/src/tls/acme/client.ts'
import { createCloudflare } from '../../../appliance/src/tls/acme/dns/cloudflare.ts'
import { createDuckDns } from '../../../appliance/src/tls/acme/dns/duckdns.ts'
import { createGreenlockPlugin, zoneFor } from '../../../appliance/src/tls/acme/dns/greenlock-plugin.ts'
import { recordFor } from '../../../appliance/src/tls/acme/dns/record.ts'
import { createRfc2136, keyFile, updateScript } from '../../../appliance/src/tls/acme/dns/rfc2136.ts'
import type { DnsProviderDeps } from '../../../appliance/src/tls/acme/dns/types.ts'
import { createWebhook } from '../../../appliance/src/tls/acme/dns/webhook.ts'
import { startFakeCloudflare, startFakeDuckDns } from '../../fakes/dns-apis.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'lares-dns-'))
after(() => rmSync(dataDir, { recursive: true, force: true }))
const { signal } = new AbortController()
const deps: DnsProviderDeps = { dataDir, call: createCaller(systemClock), clock: systemClock, log: silentLog() }
const RECORD = '_acme-challenge.home.example.org'

describe('SEC-B4 Cloudflare', () => {
  test('sets beside what is there and removes its own value alone', async () => {
    const api = await startFakeCloudflare('token-1', { 'example.org': 'zone1', 'org.example': 'zone2' })
    const provider = createCloudflare(api.callerFor('https://api.cloudflare.com'), 'token-1')
    api.records.push({ id: 'theirs', type: 'TXT', name: RECORD, content: '"somebody else"', ttl: 60 })
    await provider.set(RECORD, 'value-1', signal)
    await provider.set(RECORD, 'value-1', signal)
    await provider.set(RECORD, 'value-2', signal)
    assert.deepEqual(
      api.records.map(({ content }) => content),
      ['"somebody else"', '"value-1"', '"value-2"'],
    )
    await provider.remove(RECORD, 'value-1', signal)
    await provider.remove(RECORD, 'value-1', signal)
    assert.deepEqual(
      api.records.map(({ content }) => content),
      ['"somebody else"', '"value-2"'],
    )
    await api.stop()
  })

  test('a wrong token and a zone of somebody else are told in words, without the token', async () => {
    const api = await startFakeCloudflare('token-1', { 'example.org': 'zone1' })
    const call = api.callerFor('https://api.cloudflare.com')
    await assert.rejects(createCloudflare(call, 'token-2').set(RECORD, 'v', signal), {
      message: 'Cloudflare: Invalid access token (is the token right, with Zone:Read and DNS:Edit?).',
    })
    await assert.rejects(createCloudflare(call, 'token-1').set('_acme-challenge.other.net', 'v', signal), {
      message: 'Cloudflare: no zone of this token holds _acme-challenge.other.net.',
    })
    await api.stop()
    await assert.rejects(createCloudflare(call, 'token-1').set(RECORD, 'v', signal), {
      message: /^Cloudflare cannot be reached: /,
    })
  })
})

describe('SEC-B4 DuckDNS', () => {
  test('one text at a time; clears only what it wrote', async () => {
    const api = await startFakeDuckDns('token', ['myhome'])
    const provider = createDuckDns(api.callerFor('https://www.duckdns.org'), 'token')
    const record = '_acme-challenge.cams.myhome.duckdns.org'
    await provider.set(record, 'first', signal)
    assert.equal(api.texts.get('myhome'), 'first')
    await provider.set(record, 'second', signal)
    await provider.remove(record, 'first', signal)
    assert.equal(api.texts.get('myhome'), 'second', 'not its own any more')
    await provider.remove(record, 'second', signal)
    assert.equal(api.texts.size, 0)
    await assert.rejects(provider.set('_acme-challenge.example.org', 'v', signal), { message: /is no name of DuckDNS/ })
    await assert.rejects(provider.set('_acme-challenge.other.duckdns.org', 'v', signal), {
      message: /refused the name or the token/,
    })
    await api.stop()
  })
})

describe('SEC-B4 a webhook', () => {
  test('gets what the guide says, with its token; any other answer than 2xx is a failure', async () => {
    const seen: { body: unknown; authorization: string | undefined; type: string | undefined }[] = []
    let status = 204
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { authorization, 'content-type': type } = request.headers
        seen.push({ body: JSON.parse(Buffer.concat(chunks).toString()), authorization, type })
        response.writeHead(status, { connection: 'close' }).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dns`
    const provider = createWebhook({ ...deps, isAllowedAddress: () => true }, { url, token: 'secret' })
    await provider.set(RECORD, 'v', signal)
    await provider.remove(RECORD, 'v', signal)
    const common = { authorization: 'Bearer secret', type: 'application/json' }
    assert.deepEqual(seen, [
      { body: { action: 'set', fqdn: RECORD, type: 'TXT', value: 'v' }, ...common },
      { body: { action: 'remove', fqdn: RECORD, type: 'TXT', value: 'v' }, ...common },
    ])
    status = 302
    await assert.rejects(provider.set(RECORD, 'v', signal), { message: 'The webhook: answered 302.' })
    await new Promise((resolve) => server.close(resolve))
  })

  test('never leads to this box, to link-local addresses, or without TLS to the internet', async () => {
    for (const url of [
      'https://127.0.0.1/x',
      'http://127.0.0.1:1/x',
      'https://localhost/x',
      'http://[::1]/x',
      'http://169.254.169.254/latest/meta-data',
      'https://[fe80::1]/x',
      'http://0.0.0.0/x',
      'http://93.184.216.34/x',
      'https://[::ffff:127.0.0.1]/x',
    ])
      await assert.rejects(
        createWebhook(deps, { url, token: '' }).set(RECORD, 'v', signal),
        { message: /^(The webhook|localhost leads to)/ },
        url,
      )
  })
})

describe('SEC-B4 RFC 2136', () => {
  const config = {
    server: '192.0.2.1:5353',
    zone: 'example.org',
    keyName: 'lares',
    algorithm: 'hmac-sha256',
    secret: 'c2VjcmV0',
  } as const

  test('its lines', () => {
    assert.equal(
      updateScript(config, 'add', RECORD, 'abc_-'),
      `server 192.0.2.1 5353\nzone example.org\nupdate add ${RECORD}. 30 IN TXT "abc_-"\nsend\n`,
    )
    assert.equal(
      updateScript({ server: '[2001:db8::1]', zone: '' }, 'delete', RECORD, 'a'),
      `server 2001:db8::1 53\nupdate delete ${RECORD}. IN TXT "a"\nsend\n`,
    )
    assert.equal(keyFile(config), 'key "lares" {\n  algorithm hmac-sha256;\n  secret "c2VjcmV0";\n};\n')
  })

  test('nothing that is typed becomes another command', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (fqdn, value) => {
        try {
          assert.equal(updateScript(config, 'add', fqdn, value).split('\n').length, 5)
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'DNS_PROVIDER')
        }
      }),
    )
    for (const secret of ['x"; };', '', 'a b', 'a\nb'])
      assert.throws(() => keyFile({ ...config, secret }), { code: 'DNS_PROVIDER' })
  })

  test('without nsupdate it says what to install', async () => {
    const provider = createRfc2136(deps, config, 'nsupdate-that-is-not-there')
    await assert.rejects(provider.set(RECORD, 'v', signal), {
      code: 'PROGRAM_MISSING',
      message: /apt install bind9-dnsutils/,
    })
  })
})

describe("SEC-B4 a plugin of greenlock's shape", () => {
  const folder = join(dataDir, 'acme-plugins', 'node_modules', 'acme-dns-01-mine')
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const code = `'use strict'
const kept = []
module.exports.create = (options) => ({
  init: async ({ request }) => { if (typeof request !== 'function') throw new Error('no request') },
  zones: async () => ['example.org', 'home.example.org'],
  set: async ({ challenge }) => { if (options.token !== 't') throw new Error('wrong token'); kept.push(challenge); return null },
  remove: async ({ challenge }) => { kept.splice(kept.findIndex((c) => c.dnsAuthorization === challenge.dnsAuthorization), 1); return null },
})
module.exports.kept = kept
`
  writeFileSync(join(folder, 'index.js'), code, { mode: 0o644 })
  const options = JSON.stringify({ token: 't' })

  test('is loaded by the name of its package, and told zone and prefix', async () => {
    const provider = createGreenlockPlugin(deps, { module: 'acme-dns-01-mine', options })
    await provider.set(RECORD, 'value', signal)
    const { kept } = ((await import(join(folder, 'index.js'))) as { default: { kept: Record<string, unknown>[] } })
      .default
    assert.equal(kept.length, 1)
    const { dnsHost, dnsZone, dnsPrefix, dnsAuthorization, type } = kept[0]!
    assert.deepEqual([dnsHost, dnsZone, dnsPrefix], [RECORD, 'home.example.org', '_acme-challenge'])
    assert.deepEqual([dnsAuthorization, type], ['value', 'dns-01'])
    await provider.remove(RECORD, 'value', signal)
    assert.equal(kept.length, 0)
  })

  test('what it throws is told in its words', async () => {
    const provider = createGreenlockPlugin(deps, { module: join(folder, 'index.js'), options: '{}' })
    await assert.rejects(provider.set(RECORD, 'v', signal), { message: 'The plugin: wrong token.' })
  })

  test('only files that the owner put there are run', async () => {
    const refused = (module: string, message: RegExp): Promise<void> =>
      assert.rejects(createGreenlockPlugin(deps, { module, options }).set(RECORD, 'v', signal), {
        code: 'PLUGIN_REFUSED',
        message,
      })
    mkdirSync(join(dataDir, 'media'))
    writeFileSync(join(dataDir, 'media', 'cat.jpg'), code, { mode: 0o644 })
    await refused(join(dataDir, 'media', 'cat.jpg'), /lies in the data folder/)
    await refused('acme-dns-01-nobody', /is not there. It is looked for in /)
    await refused('../media/cat.jpg', /neither a package nor the whole path/)
    writeFileSync(join(folder, 'open.js'), code)
    chmodSync(join(folder, 'open.js'), 0o666)
    await refused(join(folder, 'open.js'), /may be changed by others/)
  })

  test('the longest zone is the right one', () => {
    assert.equal(zoneFor('_acme-challenge.a.b.c', ['c', 'b.c', 'xb.c', 'x']), 'b.c')
    assert.equal(zoneFor('_acme-challenge.a.b.c', ['x']), '')
  })
})

describe('SEC-B4 where a proof is written', () => {
  const aliases: Record<string, string> = {
    [RECORD]: 'A.Elsewhere.net.',
    'a.elsewhere.net': 'b.elsewhere.net',
    '_acme-challenge.x.org': 'y.org',
    'y.org': '_acme-challenge.x.org',
  }
  const lookups = { alias: async (name: string) => aliases[name] ?? null }

  test('at the name, or where its aliases lead; a wildcard shares the place of its name', async () => {
    assert.equal(await recordFor('home.example.org', lookups), 'b.elsewhere.net')
    assert.equal(await recordFor('*.plain.org', lookups), '_acme-challenge.plain.org')
    await assert.rejects(recordFor('x.org', lookups), { code: 'ALIAS_LOOP' })
  })

  test('at the name where nobody answers', async () => {
    assert.equal(await recordFor('home.example.org', { alias: async () => Promise.reject(new Error('down')) }), RECORD)
  })
})
