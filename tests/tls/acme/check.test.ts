import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { AcmeCheckStep } from '../../../appliance/src/api/acme.ts'
import { acmeCheckReply } from '../../../appliance/src/api/acme.ts'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import type { WebCaller } from '../../../appliance/src/core/web-call.ts'
import { checkReach, type CheckDeps } from '../../../appliance/src/tls/acme/check.ts'
import { createCaller } from '../../../appliance/src/tls/acme/client.ts'
import { readConfig, type AcmeConfig } from '../../../appliance/src/tls/acme/config.ts'
import type { DnsLookups } from '../../../appliance/src/tls/acme/dns/lookups.ts'
import { createHttpChallenges } from '../../../appliance/src/tls/acme/http-challenges.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createFakeSettings } from '../../fakes/settings.ts'

const PUBLIC = '93.184.216.34'
const challenges = createHttpChallenges()
let web: Server
let stranger: Server

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port

before(async () => {
  web = createServer((request, response) => {
    if (!challenges.handle(request, response)) response.writeHead(308).end()
  })
  stranger = createServer((_request, response) => response.end('<h1>Your router</h1>'))
  await Promise.all([listening(web), listening(stranger)])
})
after(() => [web, stranger].forEach((server) => server.close().closeAllConnections()))

const directory =
  (meta: object = {}): WebCaller =>
  async () => ({
    ...{ status: 200, headers: {}, body: JSON.stringify({ newOrder: 'https://ca.example/new-order', meta }) },
  })

/** The public address leads to a server here; port 80 of it, that is. */
const towards =
  (server: Server | null): WebCaller =>
  (call) => {
    assert.ok(call.url.startsWith(`http://${PUBLIC}/.well-known/acme-challenge/`), call.url)
    const port = server ? portOf(server) : 1
    return createCaller(systemClock)({ ...call, url: call.url.replace(PUBLIC, `127.0.0.1:${port}`) })
  }

/** What this home is told, and what the servers of the name say (null: they cannot be asked). */
function lookups(home: string[] | null, truth: string[] | null, shows = true): DnsLookups {
  return {
    addresses: async () => home ?? Promise.reject(new Error('ESERVFAIL')),
    alias: async () => null,
    authoritative: async () => truth && { addresses: async () => truth, showsText: async () => shows },
  }
}

async function check(changes: Partial<CheckDeps> & { with?: Partial<AcmeConfig> }): Promise<AcmeCheckStep[]> {
  const config: AcmeConfig = {
    ...readConfig(createFakeSettings()),
    ...{ directoryUrl: 'https://ca.example/directory', names: ['home.example.org'], agreeTerms: true },
    ...changes.with,
  }
  const steps = await checkReach({
    ...{ config, provider: null, challenges, authority: directory(), call: towards(web), clock: systemClock },
    ...{ lookups: lookups([PUBLIC], [PUBLIC]), signal: new AbortController().signal },
    ...changes,
  })
  acmeCheckReply.parse({ steps })
  return steps
}

const short = (steps: AcmeCheckStep[]): string[] => steps.map(({ step, outcome }) => `${step} ${outcome}`)
const wordsOf = (steps: AcmeCheckStep[], step: AcmeCheckStep['step']): string =>
  steps.find((each) => each.step === step)?.words ?? ''

describe('SEC-B4 would the authority reach me, by http-01', () => {
  test('all is well', async () => {
    assert.deepEqual(short(await check({})), ['settings ok', 'authority ok', 'address ok', 'port-80 ok', 'at-home ok'])
  })

  test('what is missing is said first, and nothing is tried', async () => {
    const steps = await check({ with: { names: [] } })
    assert.deepEqual(short(steps), ['settings failed'])
    assert.match(steps[0]!.words, /no name yet/)
  })

  test('the authority: down, no authority at all, terms, profiles', async () => {
    const down = await check({
      authority: async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
    })
    assert.match(
      wordsOf(down, 'authority'),
      /cannot be reached: its name cannot be looked up; is the internet connection down\?$/,
    )
    const page = await check({ authority: async () => ({ status: 200, headers: {}, body: '<html>' }) })
    assert.match(wordsOf(page, 'authority'), /not as a certificate authority/)
    const terms = { termsOfService: 'https://ca.example/terms' }
    assert.match(
      wordsOf(await check({ authority: directory(terms), with: { agreeTerms: false } }), 'authority'),
      /agree to them first/,
    )
    assert.match(wordsOf(await check({ with: { profile: 'shortlived' } }), 'authority'), /no kind of certificate/)
  })

  test('a name without an address, or with one of the home', async () => {
    assert.deepEqual(short(await check({ lookups: lookups([], []) })).slice(2), ['address failed', 'at-home failed'])
    const inside = await check({ lookups: lookups(['192.168.1.20'], ['192.168.1.20']) })
    assert.deepEqual(short(inside).slice(2), ['address failed', 'at-home ok'])
    assert.match(wordsOf(inside, 'address'), /Use dns-01/)
    assert.deepEqual(short(await check({ lookups: lookups(null, null) })).slice(2), [
      'address unknown',
      'at-home unknown',
    ])
  })

  test('port 80: somebody else answers; nobody does, which proves nothing', async () => {
    const other = await check({ call: towards(stranger) })
    assert.deepEqual(short(other)[3], 'port-80 failed')
    assert.match(wordsOf(other, 'port-80'), /Something else answers at port 80 of 93\.184\.216\.34/)
    const silent = await check({ call: towards(null) })
    assert.deepEqual(short(silent)[3], 'port-80 unknown')
    assert.match(wordsOf(silent, 'port-80'), /proves nothing/)
  })
})

describe('SEC-B4 would the authority reach me, by dns-01', () => {
  const dns = {
    challenge: 'dns-01' as const,
    dns: { ...readConfig(createFakeSettings()).dns, provider: 'cloudflare' as const, cloudflareToken: 't' },
  }
  const recorder = (fails: 'set' | 'remove' | null = null) => {
    const seen: string[] = []
    const take = (what: 'set' | 'remove') => async (fqdn: string) => {
      seen.push(`${what} ${fqdn}`)
      if (fails === what) throw new Error('Cloudflare: Invalid access token.')
    }
    return { seen, provider: { name: 'Cloudflare', set: take('set'), remove: take('remove') } }
  }

  test('a random record is set, seen and taken away, once for a name and its wildcard', async () => {
    const { seen, provider } = recorder()
    const steps = await check({ provider, with: { ...dns, names: ['home.example.org', '*.home.example.org'] } })
    assert.deepEqual(short(steps).slice(2), ['record-set ok', 'record-shown ok', 'record-removed ok', 'at-home ok'])
    assert.deepEqual(seen, ['set _acme-challenge.home.example.org', 'remove _acme-challenge.home.example.org'])
  })

  test('refused, not to be seen, not to be taken away', async () => {
    const refused = await check({ provider: recorder('set').provider, with: dns })
    assert.deepEqual(short(refused).slice(2), ['record-set failed', 'at-home ok'])
    assert.match(wordsOf(refused, 'record-set'), /Invalid access token/)
    const clock = createFakeClock()
    const asked = check({
      provider: recorder('remove').provider,
      lookups: lookups([PUBLIC], [PUBLIC], false),
      clock,
      with: dns,
    })
    while (clock.pending().length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    await clock.advance(31_000)
    assert.deepEqual(short(await asked).slice(2), [
      'record-set ok',
      'record-shown unknown',
      'record-removed failed',
      'at-home ok',
    ])
  })

  test('a router that hides addresses of the home is recognised, and what to do is said', async () => {
    const steps = await check({ provider: recorder().provider, lookups: lookups([], ['192.168.1.20']), with: dns })
    assert.equal(short(steps).at(-1), 'at-home failed')
    assert.match(
      wordsOf(steps, 'at-home'),
      /leads to 192\.168\.1\.20, but your router hides that.*rebinding protection.*exceptions/,
    )
    const bare = await check({ provider: recorder().provider, lookups: lookups([], []), with: dns })
    assert.match(wordsOf(bare, 'at-home'), /has no address yet/)
  })
})
