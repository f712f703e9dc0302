import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { startSimulatedBroadcasts, startSimulatedPlug, type SimulatedPlug } from '../fakes/plugs.ts'
import { startPlugsHome, until, type PlugsHome } from './harness.ts'

interface Discovered {
  found: number
  added: number
  plugs: Plug[]
}

const LOOPBACK = { address: '127.0.0.1', broadcast: '127.255.255.255' }
const REALTIME = { power: 41.7, voltage: 230.4, current: 0.19, total: 12.5 }

// The simulator's one UDP server answers for all its devices, and for unicast too: this is the only file that has it.
describe('plugs of a home are found by calling out', () => {
  let stopBroadcasts: () => void
  let kettle: SimulatedPlug
  let strip: SimulatedPlug
  let home: PlugsHome

  before(async () => {
    stopBroadcasts = await startSimulatedBroadcasts()
    const mac = '50:C7:BF:30:02:01'
    kettle = await startSimulatedPlug({
      model: 'hs110',
      address: '127.30.2.1',
      alias: 'Kettle',
      mac,
      realtime: REALTIME,
    })
    strip = await startSimulatedPlug({ model: 'hs300', address: '127.30.2.2', alias: 'Desk' })
    home = await startPlugsHome({ broadcast: LOOPBACK, clock: createHastyClock(4) })
  })
  after(async () => {
    await home?.stop()
    await kettle?.stop()
    await strip?.stop()
    stopBroadcasts?.()
  })

  it('a simulated HS110 is discovered, read and switched', async () => {
    const { found, added, plugs } = await home.call<Discovered>('POST', '/api/plugs/discover')
    assert.deepEqual([found, added, plugs.length], [7, 7, 7])
    const first = await until('it is read', async () => {
      const plug = await home.one('Kettle')
      return plug.reachable && plug.reading && plug
    })
    assert.equal(first.reading?.powerMw, 41_700)
    const switched = await home.call<Plug>('POST', `/api/plugs/${first.id}/switch`, { on: !first.on })
    assert.equal(switched.on, !first.on)
  })

  it('outlets named by two characters over UDP are the same ones as over TCP', async () => {
    const { plugs } = await home.call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: '127.30.2.2' })
    assert.equal(plugs.length, 6)
    assert.equal((await home.plugs.list()).length, 7)
    const [outlet] = plugs
    assert.ok(outlet)
    assert.equal((await home.call<Plug>('POST', `/api/plugs/${outlet.id}/switch`, { on: !outlet.on })).on, !outlet.on)
  })

  it('calling again adds nothing twice', async () => {
    const { found, added } = await home.call<Discovered>('POST', '/api/plugs/discover')
    assert.deepEqual([found, added], [7, 0])
  })

  it('a plug that got a new address is followed by itself, name and all', async () => {
    const before_ = await home.one('Kettle')
    await home.call('PATCH', `/api/plugs/${before_.id}`, { name: 'Tea' })
    const { mac } = kettle
    await kettle.stop()
    kettle = await startSimulatedPlug({
      model: 'hs110',
      address: '127.30.2.9',
      alias: 'Kettle',
      mac,
      realtime: REALTIME,
    })
    const moved = await until(
      'it is found at its new address',
      async () => {
        const plug = await home.one('Tea')
        return plug.host === '127.30.2.9' && plug.reachable && plug
      },
      9_000,
    )
    assert.equal(moved.id, before_.id)
  })
})
