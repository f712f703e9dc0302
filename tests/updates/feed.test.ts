// A list of new versions on a server of ours over HTTPS, and the box that asks it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Agent, createServer } from 'node:https'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createBus, type Bus } from '../../appliance/src/core/bus.ts'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import type { Events } from '../../appliance/src/events.ts'
import { homeTimeZone } from '../../appliance/src/settings/index.ts'
import { createFeedLoop, type FeedLoop } from '../../appliance/src/updates/feed-loop.ts'
import { createInstaller } from '../../appliance/src/updates/install.ts'
import { UpdateKeeper } from '../../appliance/src/updates/keeper.ts'
import { createReceiver } from '../../appliance/src/updates/receive.ts'
import { feedAddress, installAtNight } from '../../appliance/src/updates/settings.ts'
import { bundle, createFakeBox, type FakeBox } from '../fakes/box.ts'
import { makeCertificate } from '../fakes/certificate.ts'
import { createFakeClock, type FakeClock } from '../fakes/clock.ts'
import { createFakeSettings } from '../fakes/settings.ts'

const { certPem, keyPem } = await makeCertificate()
const good = bundle('0.3.0')
const sha256 = createHash('sha256').update(good).digest('hex')
let list: unknown = {}
const asked: string[] = []
const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
  asked.push(request.url ?? '')
  if (request.url === '/list.json') response.end(JSON.stringify(list))
  else if (request.url === '/lares-0.3.0.raucb') response.end(good)
  else response.writeHead(404).end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = `https://localhost:${String((server.address() as AddressInfo).port)}/list.json`

let box: FakeBox
let bus: Bus<Events>
let keeper: UpdateKeeper
let boxIsSilent = false
let feed: FeedLoop
let clock: FakeClock
let settings: ReturnType<typeof createFakeSettings>
const database = await openTestDatabase()

before(async () => void (box = await createFakeBox()))
after(async () => {
  server.closeAllConnections()
  server.close()
  await database.close()
  await box.close()
})
beforeEach(async () => {
  box.start('A')
  asked.length = 0
  list = { updates: [{ version: '0.3.0', compatible: 'lares-rpi-arm64', sha256, url: 'lares-0.3.0.raucb', notes: '' }] }
  // Half past three in the night.
  clock = createFakeClock(Date.UTC(2026, 10, 29, 3, 30))
  settings = createFakeSettings()
  await settings.set(homeTimeZone, 'UTC')
  const log = silentLog()
  const { host, dataDir } = box
  bus = createBus<Events>(log)
  keeper = new UpdateKeeper({ dataDir, version: '0.2.0', settings, clock, bus })
  await keeper.change({ phase: 'idle', bundle: null, problem: null, trial: null, history: [] })
  keeper.show({ way: 'bundle', imageVersion: '0.2.0', slots: await host.call('updates.status', {}) })
  const fetch = { agent: new Agent({ ca: certPem, keepAlive: false }), isAllowed: () => true }
  const receiver = createReceiver({ keeper, clock: systemClock, fetch })
  const installer = createInstaller({
    ...{ keeper, receiver, host, database, databaseFile: database.file, clock, log },
    audit: { record: async () => undefined },
    fitness: async () => ({ liveCameras: [], detectorMs: null }),
  })
  boxIsSilent = false
  const askBox = async (): Promise<void> => {
    if (boxIsSilent) throw new LaresError('timeout', 'The host agent went silent.')
  }
  feed = createFeedLoop({ keeper, receiver, installer, settings, fetch, clock, log, askBox })
})

/** One round of the loop, as it runs every minute. */
async function round(until: () => boolean): Promise<void> {
  await feed.start()
  for (let attempt = 0; attempt < 300 && !until(); attempt++) await new Promise((resolve) => setTimeout(resolve, 10))
  await feed.stop()
}

describe('the list of new versions', () => {
  test('nobody is asked until an address is set', async () => {
    await round(() => asked.length > 0 || feed.state().state === 'waiting')
    assert.deepEqual(asked, [])
    await assert.rejects(feed.check(), { kind: 'conflict' })
  })

  test('is asked once a day, and only said when it is not to be installed by itself', async () => {
    await settings.set(feedAddress, address)
    await round(() => keeper.passing().feed.checkedAt !== null && feed.state().state === 'waiting')
    await round(() => feed.state().state === 'waiting')
    assert.deepEqual(asked, ['/list.json'])
    assert.equal(keeper.view().feed.offered?.version, '0.3.0')
    assert.equal(keeper.record().phase, 'idle')
  })

  test('is installed at night when that is wanted, and tried', async () => {
    await settings.set(feedAddress, address)
    await settings.set(installAtNight, true)
    await round(() => keeper.record().phase === 'restarting')
    assert.equal(keeper.record().trial?.to, '0.3.0')
    assert.ok(existsSync(join(box.dataDir, 'updates/before-update.db')))
    assert.match(box.calls().at(-1) ?? '', /tryboot/)
  })

  test('not by day, and not what was taken back once', async () => {
    await settings.set(feedAddress, address)
    await settings.set(installAtNight, true)
    clock.setWallClock(Date.UTC(2026, 10, 29, 12))
    await round(() => feed.state().state === 'waiting')
    clock.setWallClock(Date.UTC(2026, 10, 29, 3, 10))
    const failed = { at: 1, from: '0.2.0', to: '0.3.0', outcome: 'rolled-back', reason: '', lost: null } as const
    await keeper.change({ history: [failed] })
    await round(() => feed.state().state === 'waiting')
    assert.equal(keeper.record().phase, 'idle')
    assert.deepEqual(asked, ['/list.json'])
  })

  test('what it offered is forgotten when another one is set, and whoever looks is told', async () => {
    await settings.set(feedAddress, address)
    await feed.start()
    await feed.check()
    assert.equal(keeper.view().feed.offered?.version, '0.3.0')
    const told: boolean[] = []
    const stop = bus.on('updates.changed', 'test', ({ feed: now }) => void told.push(now.atNight))
    await settings.set(feedAddress, '')
    assert.deepEqual(keeper.view().feed, { address: '', checkedAt: null, problem: null, offered: null, atNight: false })
    await settings.set(installAtNight, true)
    assert.deepEqual(told, [false, true])
    stop()
    await feed.stop()
  })

  test('another file than the list names is not kept', async () => {
    await settings.set(feedAddress, address)
    list = {
      updates: [{ version: '0.3.0', compatible: 'lares-rpi-arm64', sha256: 'a'.repeat(64), url: 'lares-0.3.0.raucb' }],
    }
    await feed.check()
    await assert.rejects(feed.take(), { code: 'HASH_DIFFERS' })
    assert.equal(keeper.record().phase, 'idle')
    assert.ok(!existsSync(join(box.dataDir, 'updates/.coming.raucb')))
  })

  test('a box that cannot be asked what it is has not asked for updates either', async () => {
    await settings.set(feedAddress, address)
    boxIsSilent = true
    await assert.rejects(feed.check(), { kind: 'timeout' })
    await round(() => feed.state().failuresInARow > 0)
    assert.deepEqual([asked, keeper.passing().feed.checkedAt], [[], null])
    boxIsSilent = false
    await round(() => keeper.passing().feed.checkedAt !== null)
  })

  test('SEC-C8 an address inside the home is refused', async () => {
    const fetch = { agent: new Agent({ ca: certPem, keepAlive: false }) }
    const log = silentLog()
    const inside = createFeedLoop({
      keeper,
      receiver: {} as never,
      installer: {} as never,
      settings,
      fetch,
      clock,
      log,
      askBox: async () => undefined,
    })
    for (const url of ['https://192.168.1.1/x', 'https://127.0.0.1/x', address]) {
      await settings.set(feedAddress, url)
      await assert.rejects(inside.check(), { code: /ADDRESS_REFUSED|FETCH_FAILED/ }, url)
    }
    assert.deepEqual(asked, [])
  })
})
