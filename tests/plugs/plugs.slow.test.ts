import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { startOddPlug, startSimulatedPlug } from '../fakes/plugs.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { startPlugsHome, until, type PlugsHome } from './harness.ts'

async function home(t: TestContext): Promise<PlugsHome> {
  const started = await startPlugsHome({ clock: createHastyClock(10) })
  t.after(() => started.stop())
  return started
}

test('a simulated HS110 is added by address, read and switched', async (t) => {
  const realtime = { power: 41.7, voltage: 230.4, current: 0.19, total: 12.5 }
  const device = await startSimulatedPlug({ model: 'hs110', address: '127.30.1.1', alias: 'Coffee', realtime })
  t.after(() => device.stop())
  const { call, changes } = await home(t)

  const { plugs } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: '127.30.1.1' })
  assert.equal(plugs.length, 1)
  const [coffee] = plugs
  assert.ok(coffee)
  assert.equal(coffee.name, 'Coffee')
  assert.equal(coffee.reachable, true)
  assert.ok(coffee.can.includes('meter'))
  assert.deepEqual(
    { ...coffee.reading, at: 0 },
    { at: 0, powerMw: 41_700, voltageMv: 230_400, currentMa: 190, totalWh: 12_500 },
  )

  const off = await call<Plug>('POST', `/api/plugs/${coffee.id}/switch`, { on: !coffee.on })
  assert.equal(off.on, !coffee.on)
  const { plugs: after } = await call<{ plugs: Plug[] }>('GET', '/api/plugs')
  assert.equal(after[0]?.on, !coffee.on)
  assert.ok(changes.some((plug) => plug.on === !coffee.on))
})

test('a later generation of meter gives the same whole units', async (t) => {
  const device = await startSimulatedPlug({ model: 'hs110v2', address: '127.30.1.2', alias: 'Heater' })
  t.after(() => device.stop())
  const { call } = await home(t)
  const { plugs } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: '127.30.1.2' })
  const reading = plugs[0]?.reading
  assert.ok(reading)
  for (const value of [reading.powerMw, reading.voltageMv, reading.currentMa, reading.totalWh])
    assert.ok(Number.isInteger(value))
})

test('a strip is one plug per outlet, each switched and read for itself, one question at a time', async (t) => {
  const device = await startSimulatedPlug({ model: 'hs300', address: '127.30.1.3', alias: 'Strip' })
  t.after(() => device.stop())
  const { call, database } = await home(t)
  const { plugs } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: '127.30.1.3' })
  assert.equal(plugs.length, 6)
  assert.ok(plugs.every((plug) => plug.reading !== null && plug.can.includes('meter')))
  const rows = await database.reader.selectFrom('plugs').select(['mac', 'outlet']).execute()
  assert.equal(new Set(rows.map((row) => row.mac)).size, 1)
  assert.equal(new Set(rows.map((row) => row.outlet)).size, 6)

  const [first, second] = plugs
  assert.ok(first && second)
  const switched = await call<Plug>('POST', `/api/plugs/${first.id}/switch`, { on: !first.on })
  assert.equal(switched.on, !first.on)
  const again = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: '127.30.1.3' })
  assert.equal(again.plugs.find((plug) => plug.id === second.id)?.on, second.on)
  assert.equal(again.plugs.find((plug) => plug.id === first.id)?.on, !first.on)
})

for (const model of ['hs220', 'lb130'] as const) {
  test(`a ${model} is switched on and off`, async (t) => {
    const device = await startSimulatedPlug({ model, address: '127.30.1.4', alias: model })
    t.after(() => device.stop())
    const { call } = await home(t)
    const { plugs } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: '127.30.1.4' })
    const id = plugs[0]?.id ?? ''
    for (const on of [true, false, true]) {
      await call('POST', `/api/plugs/${id}/switch`, { on })
      const { plugs: fresh } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: '127.30.1.4' })
      assert.equal(fresh[0]?.on, on, `the device itself says ${on}`)
    }
  })
}

test('an unplugged one turns grey with its last state and its reason, and comes back by itself', async (t) => {
  const address = { model: 'hs110' as const, address: '127.30.1.5', alias: 'Lamp', mac: '50:C7:BF:30:01:05' }
  let device = await startSimulatedPlug(address)
  t.after(() => device.stop())
  const { call, one, plugs } = await home(t)
  await call('POST', '/api/plugs', { host: '127.30.1.5' })
  const before = await one('Lamp')
  await device.stop()

  // A person's tap on a plug that is gone: plain words, nothing shown changes.
  await assert.rejects(call('POST', `/api/plugs/${before.id}/switch`, { on: !before.on }), (error) => {
    assert.ok(error instanceof LaresError)
    assert.equal(error.kind, 'unavailable')
    assert.match(error.message, /127\.30\.1\.5/)
    return true
  })
  const grey = await until('the plug is shown as gone', async () => {
    const lamp = await one('Lamp')
    return lamp.reachable ? null : lamp
  })
  assert.equal(grey.on, before.on)
  assert.deepEqual(grey.reading?.powerMw, before.reading?.powerMw)
  assert.ok(grey.seenAt !== null && grey.problem !== null)

  device = await startSimulatedPlug(address)
  const back = await until('the plug is back', async () => {
    const lamp = await one('Lamp')
    return lamp.reachable && lamp
  })
  assert.equal(back.problem, null)
  assert.ok((back.seenAt ?? 0) >= (grey.seenAt ?? 0))
  assert.equal((await plugs.list()).length, 1)
})

test('renamed plugs keep their name, forgotten ones are gone, and both survive a restart', async (t) => {
  const device = await startSimulatedPlug({ model: 'hs100', address: '127.30.1.6', alias: 'TP-LINK_Smart Plug_AB12' })
  t.after(() => device.stop())
  const odd = await startOddPlug({ address: '127.30.1.7', alias: 'Second' })
  t.after(() => odd.stop())
  const first = await home(t)
  const { call } = first
  const { plugs } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: '127.30.1.6' })
  const { plugs: others } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: `127.30.1.7:${odd.port}` })
  const id = plugs[0]?.id ?? ''
  assert.equal((await call<Plug>('PATCH', `/api/plugs/${id}`, { name: 'Porch light' })).name, 'Porch light')
  await call('DELETE', `/api/plugs/${others[0]?.id ?? ''}`)
  assert.deepEqual(first.removed, [others[0]?.id])
  await assert.rejects(call('DELETE', `/api/plugs/${others[0]?.id ?? ''}`), { kind: 'not-found' })
  await call('POST', `/api/plugs/${id}/switch`, { on: true })
  await first.plugs.stop()
  await device.stop()

  const second = await startPlugsHome({ database: first.database })
  t.after(() => second.stop())
  const [porch, ...rest] = (await second.call<{ plugs: Plug[] }>('GET', '/api/plugs')).plugs
  assert.equal(rest.length, 0)
  assert.ok(porch)
  assert.deepEqual([porch.name, porch.on, porch.reachable], ['Porch light', true, false])
  assert.ok(porch.seenAt !== null, 'its age is known')
})

test('the same device at another address is the same plug', async (t) => {
  const mac = '50:C7:BF:30:01:08'
  const before = await startOddPlug({ address: '127.30.1.8', mac, alias: 'Wanderer' })
  const { call, one } = await home(t)
  await call('POST', '/api/plugs', { host: `127.30.1.8:${before.port}` })
  const id = (await one('Wanderer')).id
  await before.stop()
  const after = await startOddPlug({ address: '127.30.1.9', mac, alias: 'Wanderer' })
  t.after(() => after.stop())
  const { plugs } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: `127.30.1.9:${after.port}` })
  assert.deepEqual(
    plugs.map((plug) => [plug.id, plug.host, plug.reachable]),
    [[id, '127.30.1.9', true]],
  )
})

test('another device at a known address is never taken for the plug that was there, nor switched in its place', async (t) => {
  const mine = await startOddPlug({ address: '127.30.1.10', mac: '50:C7:BF:30:01:10', alias: 'Mine' })
  const { call, one } = await home(t)
  await call('POST', '/api/plugs', { host: `127.30.1.10:${mine.port}` })
  const { id } = await one('Mine')
  const { port } = mine
  await mine.stop()
  const stranger = await startOddPlug({ address: '127.30.1.10', port, mac: '50:C7:BF:99:99:99', alias: 'Stranger' })
  t.after(() => stranger.stop())
  const grey = await until('the stranger is noticed', async () => {
    const plug = await one('Mine')
    return plug.reachable ? null : plug
  })
  assert.match(grey.problem ?? '', /Another device/)
  await assert.rejects(call('POST', `/api/plugs/${id}/switch`, { on: true }), /Another device/)
  assert.equal(stranger.on, false)
})
