// Plugs of today's firmware in a home with a database: found, asked for the account, switched, read, moved, updated.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { PlugAccount, TestPlugAccountReply } from '../../appliance/src/api/plug-home.ts'
import type { Plug, PlugDetail, PlugDiagnosis, PlugScan } from '../../appliance/src/api/plugs.ts'
import { openTestDatabase } from '../../appliance/src/db/testing.ts'
import type { Measurement } from '../../appliance/src/plugs/index.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import {
  ACCOUNT,
  smartDevice,
  startEmulator,
  type Emulator,
  type EmulatorOptions,
} from '../fakes/tplink-emulator/index.ts'
import { startPlugsHome, until, type PlugsHome } from './harness.ts'

/** Signing in is reckoning: a machine under load needs its seconds. */
const HASTE = 2
const CREDENTIALS = { username: ACCOUNT.user, password: ACCOUNT.password }

async function home(t: TestContext): Promise<PlugsHome> {
  const started = await startPlugsHome({ clock: createHastyClock(HASTE) })
  t.after(() => started.stop())
  return started
}

async function emulate(t: TestContext, options: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator({ port: 0, ...options })
  t.after(() => emulator.stop())
  return emulator
}

const outlets = [
  { id: '8001', name: 'Lamp', on: false, powerMw: 5_500 },
  { id: '8002', name: 'Fan', on: true, powerMw: 31_000 },
]

async function scan({ call }: PlugsHome, range: string): Promise<PlugScan> {
  const started = await call<PlugScan>('POST', '/api/plugs/scan', { range })
  assert.equal(started.state, 'running')
  return until(
    'the range is asked',
    async () => {
      const now = await call<PlugScan>('GET', '/api/plugs/scan')
      return now.state === 'running' ? null : now
    },
    60_000,
  )
}

test('J3 a range is asked: the new plug wants an account; with the wrong one it says so, with the right one it is added, read and switched', async (t) => {
  const device = smartDevice('P110M', { mac: '3C-52-A1-31-01-01', name: 'Washing machine' })
  await emulate(t, { address: '127.31.1.1', device })
  const lares = await home(t)
  const { call } = lares
  const first = await scan(lares, '127.31.1.0-127.31.1.3')
  assert.equal(first.state, 'done', first.problem ?? '')
  assert.deepEqual([first.asked, first.total, first.result?.added], [4, 4, 0])
  const [waiting] = first.result?.waiting ?? []
  assert.equal(waiting?.problemCode, 'NEEDS_ACCOUNT')
  assert.equal(waiting.wantsAccount, true)
  assert.ok(lares.notices.has('plugs-want-account'))

  const wrong = await call<PlugAccount>('POST', '/api/plug-accounts', { ...CREDENTIALS, password: 'wrong' })
  assert.equal((await scan(lares, '127.31.1.1')).result?.waiting[0]?.problemCode, 'LOGIN_REFUSED')

  // The same address again is another password for it, not another account.
  const right = await call<PlugAccount>('POST', '/api/plug-accounts', CREDENTIALS)
  assert.equal(right.id, wrong.id)
  const last = await scan(lares, '127.31.1.1')
  assert.deepEqual([last.result?.added, last.result?.waiting], [1, []])
  assert.ok(!lares.notices.has('plugs-want-account'))
  const plug = await until('it is read', async () => {
    const one = await lares.one('Washing machine')
    return one.reachable && one.reading ? one : null
  })
  assert.equal(plug.reading?.powerMw, 12_345)
  const on = await call<Plug>('POST', `/api/plugs/${plug.id}/switch`, { on: true })
  assert.equal(on.on, true)
  assert.equal(device.on, true)
  const detail = await call<PlugDetail>('GET', `/api/plugs/${plug.id}`)
  assert.deepEqual([detail.encryption, detail.usesAccount, detail.firmware?.slice(0, 5)], ['klap', true, '1.3.0'])
  const { accounts } = await call<{ accounts: PlugAccount[] }>('GET', '/api/plug-accounts')
  assert.deepEqual(accounts, [{ id: right.id, username: ACCOUNT.user, devices: 1 }])
  const tested = await call<TestPlugAccountReply>('POST', `/api/plug-accounts/${right.id}/test`)
  assert.deepEqual(
    tested.results.map(({ name, ok }) => [name, ok]),
    [['Washing machine', true]],
  )
})

test('SEC-E2 the record has who entered and removed an account; its password is in no answer, no record and no column', async (t) => {
  const { call, database, recorded } = await home(t)
  const { id } = await call<PlugAccount>('POST', '/api/plug-accounts', CREDENTIALS)
  const rows = await database.reader.selectFrom('plug_accounts').selectAll().execute()
  const seen = JSON.stringify([rows, recorded, await call('GET', '/api/plug-accounts')])
  assert.ok(!seen.includes(ACCOUNT.password))
  assert.ok(!JSON.stringify(rows).includes(ACCOUNT.user))
  await call('DELETE', `/api/plug-accounts/${id}`)
  await assert.rejects(call('DELETE', `/api/plug-accounts/${id}`), { kind: 'not-found' })
  assert.deepEqual(
    recorded.map(({ type, who }) => [type, who?.userId]),
    [
      ['plug_account_added', 'ada'],
      ['plug_account_removed', 'ada'],
    ],
  )
})

test('a strip over TPAP is a parent with outlets, each switched and measured for itself; after a restart it is there at once', async (t) => {
  const device = smartDevice('P304M', {
    ...{ mac: '3C-52-A1-31-02-01', name: 'Desk', children: outlets.map((each) => ({ ...each })) },
    components: ['device', 'energy_monitoring', 'child_device', 'led'],
  })
  const emulator = await emulate(t, { address: '127.31.2.1', device, encryption: 'tpap' })
  const database = await openTestDatabase()
  const lares = await startPlugsHome({ clock: createHastyClock(HASTE), database })
  const { call } = lares
  const measured: Measurement[] = []
  lares.plugs.onMeasured((each) => void measured.push(each))
  await call('POST', '/api/plug-accounts', CREDENTIALS)
  const { plugs } = await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: `127.31.2.1:${emulator.port}` })
  assert.deepEqual(
    plugs.map(({ name, strip, on }) => [name, strip, on]),
    [
      ['Lamp', { name: 'Desk', position: 0 }, false],
      ['Fan', { name: 'Desk', position: 1 }, true],
    ],
  )
  const [lamp] = plugs
  assert.ok(lamp)
  await call('POST', `/api/plugs/${lamp.id}/switch`, { on: true })
  assert.deepEqual(
    device.children.map(({ on }) => on),
    [true, true],
  )
  assert.equal(emulator.counts.mostOpen, 1, 'one connection to a strip at a time')
  assert.deepEqual(new Set(measured.map(({ outlet }) => outlet)).size, 2)
  assert.ok(measured.some(({ powerMw }) => powerMw === 31_000))
  await lares.plugs.stop()
  const again = await startPlugsHome({ clock: createHastyClock(HASTE), database })
  t.after(async () => {
    await again.stop()
    await database.close()
  })
  const known = await until('it is back', async () => {
    const one = await again.one('Lamp')
    return one.reachable ? one : null
  })
  assert.equal(known.id, lamp.id)
  const detail = await again.call<PlugDetail>('GET', `/api/plugs/${lamp.id}`)
  assert.equal(detail.encryption, 'tpap')
})

test('J3 a plug that got another address is the same plug, with both addresses in its history', async (t) => {
  const device = smartDevice('P115', { mac: '3C-52-A1-31-03-01', name: 'Wanderer' })
  const before = await startEmulator({ port: 0, address: '127.31.3.1', device })
  const lares = await home(t)
  const { call } = lares
  await call('POST', '/api/plug-accounts', CREDENTIALS)
  const [plug] = (await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: `127.31.3.1:${before.port}` })).plugs
  assert.ok(plug)
  await before.stop()
  await until('it is missed', async () => !(await lares.one('Wanderer')).reachable, 60_000)
  await emulate(t, { address: '127.31.3.2', device })
  assert.equal((await scan(lares, '127.31.3.2')).result?.added, 0)
  await until('it is followed', async () => (await lares.one('Wanderer')).reachable, 60_000)
  const detail = await call<PlugDetail>('GET', `/api/plugs/${plug.id}`)
  assert.deepEqual(
    [detail.host, detail.addresses.map(({ host }) => host)],
    ['127.31.3.2', ['127.31.3.2', '127.31.3.1']],
  )
})

test('J3 firmware that changes how a plug speaks is a notice, not an outage', async (t) => {
  const device = smartDevice('P110', { mac: '3C-52-A1-31-04-01', name: 'Heater' })
  const emulator = await emulate(t, { address: '127.31.4.1', device, encryption: 'klap2' })
  const lares = await home(t)
  const { call } = lares
  await call('POST', '/api/plug-accounts', CREDENTIALS)
  const [plug] = (await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: `127.31.4.1:${emulator.port}` })).plugs
  assert.ok(plug)
  const told = lares.changes.length
  emulator.encryption = 'tpap'
  emulator.forgetSessions()
  const notice = await until('the owner is told', () => lares.notices.get('plug-scheme:3C:52:A1:31:04:01'), 60_000)
  assert.match(notice.title, /^Heater speaks another way now/)
  assert.equal(notice.link, `/plugs/${plug.id}`)
  assert.ok(
    lares.changes.slice(told).every(({ reachable }) => reachable),
    'it was never shown as gone',
  )
  assert.equal((await call<PlugDetail>('GET', `/api/plugs/${plug.id}`)).encryption, 'tpap')
})

test('unplugged it turns grey with its last state and says why; plugged in again it comes back by itself', async (t) => {
  const device = smartDevice('P110', { mac: '3C-52-A1-31-05-01', name: 'Lamp', on: true })
  const emulator = await startEmulator({ port: 0, address: '127.31.5.1', device })
  const lares = await home(t)
  const { call } = lares
  await call('POST', '/api/plug-accounts', CREDENTIALS)
  const [plug] = (await call<{ plugs: Plug[] }>('POST', '/api/plugs', { host: `127.31.5.1:${emulator.port}` })).plugs
  assert.ok(plug)
  const { port } = emulator
  await emulator.stop()
  const grey = await until(
    'it is grey',
    async () => {
      const one = await lares.one('Lamp')
      return one.reachable ? null : one
    },
    60_000,
  )
  assert.equal(grey.on, true)
  assert.ok(grey.problem)
  await assert.rejects(call('POST', `/api/plugs/${plug.id}/switch`, { on: false }), { kind: 'unavailable' })
  const diagnosis = await call<PlugDiagnosis>('POST', `/api/plugs/${plug.id}/diagnose`)
  assert.equal(diagnosis.ok, false)
  assert.ok(diagnosis.findings.length > 0 && diagnosis.findings.every(({ whatToDo }) => whatToDo !== ''))
  await emulate(t, { address: '127.31.5.1', device, port })
  await until('it is back', async () => (await lares.one('Lamp')).reachable, 60_000)
})

test('an account that is taken away leaves a plug that wants one; entered again it works at once', async (t) => {
  const device = smartDevice('P110', { mac: '3C-52-A1-31-06-01', name: 'Fridge' })
  const emulator = await emulate(t, { address: '127.31.6.1', device })
  const lares = await home(t)
  const { call } = lares
  const { id } = await call<PlugAccount>('POST', '/api/plug-accounts', CREDENTIALS)
  await call('POST', '/api/plugs', { host: `127.31.6.1:${emulator.port}` })
  await call('DELETE', `/api/plug-accounts/${id}`)
  emulator.forgetSessions()
  const locked = await until(
    'it wants the account',
    async () => {
      const one = await lares.one('Fridge')
      return one.reachable ? null : one
    },
    60_000,
  )
  assert.equal(locked.problemCode, 'NEEDS_ACCOUNT')
  await call('POST', '/api/plug-accounts', CREDENTIALS)
  await until('it is back', async () => (await lares.one('Fridge')).reachable, 60_000)
})

for (const range of ['8.8.8.0/24', '10.0.0.0/8', 'nonsense', '127.0.0.9-127.0.0.1', '::1/64'])
  test(`the range ${range} is refused before anything is sent`, async (t) => {
    const { call } = await home(t)
    await assert.rejects(call('POST', '/api/plugs/scan', { range }), { kind: 'invalid' })
    assert.equal((await call<PlugScan>('GET', '/api/plugs/scan')).state, 'idle')
  })
