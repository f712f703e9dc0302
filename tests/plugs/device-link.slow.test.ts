import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LinkMemory } from '../../appliance/src/plugs/device-link.ts'
import { diagnose } from '../../appliance/src/plugs/diagnosis.ts'
import { createHostQueues } from '../../appliance/src/plugs/transports/host-queues.ts'
import { startEmulator, iotDevice, smartDevice } from '../fakes/tplink-emulator/index.ts'
import { startOddPlug } from '../fakes/plugs.ts'
import { linkTo, startLinked } from './emulated.ts'

test('J3 a firmware update that changes the scheme is a notice, not an outage: over and over', async (t) => {
  const told: LinkMemory[] = []
  const plug = smartDevice('P110M')
  const onMemory = (memory: LinkMemory): void => void told.push(memory)
  const device = await startEmulator({ address: '127.30.13.1', port: 18_080, device: plug, encryption: 'aes2' })
  const { link, changes, stop } = linkTo('127.30.13.1', 80, { onMemory, haste: 3 })
  t.after(async () => {
    await stop()
    await device.stop()
  })
  await link.read('person')
  for (const encryption of ['klap2', 'tpap', 'klap1', 'aes1'] as const) {
    Object.assign(device, { encryption })
    device.forgetSessions()
    await link.setPower('', !plug.on)
    const { info } = await link.read('person')
    assert.equal(info.outlets[0]?.on, plug.on)
  }
  assert.deepEqual(changes, ['aes→klap', 'klap→tpap', 'tpap→klap', 'klap→aes'])
  assert.equal(told.at(-1)?.scheme.encryption, 'aes')
})

test('J3 an HS110 that leaves port 9999 with an update is found behind KLAP, with its account', async (t) => {
  const old = await startOddPlug({ address: '127.30.13.2', port: 9999, mac: '50:C7:BF:30:13:02' })
  const { link, changes, stop } = linkTo('127.30.13.2', 9999, { haste: 3 })
  t.after(stop)
  t.after(() => old.stop().catch(() => undefined))
  await link.read('person')
  assert.equal(link.memory()?.scheme.encryption, 'xor')
  await old.stop()
  const plug = iotDevice('HS110', { mac: '50:C7:BF:30:13:02' })
  const device = await startEmulator({ address: '127.30.13.2', port: 18_080, device: plug })
  t.after(() => device.stop())
  assert.equal((await link.read('poll')).info.mac, '50:C7:BF:30:13:02')
  assert.deepEqual(changes, ['xor→klap'])
})

test('J3 a plug that keeps its port closed after a power cut is called awake', async (t) => {
  const device = await startEmulator({
    ...{ address: '127.30.13.3', port: 18_080, device: smartDevice('P115'), encryption: 'tpap', asleepMs: 150 },
  })
  const { link, stop } = linkTo('127.30.13.3', 80, { scheme: { encryption: 'tpap', port: 18_080 }, haste: 4 })
  t.after(async () => {
    await stop()
    await device.stop()
  })
  await link.setPower('', true)
  assert.equal(device.smart?.on, true)
})

test('a plug that answers calls and stays closed is said to be waking up', async (t) => {
  const device = await startEmulator({
    ...{ address: '127.30.13.4', port: 18_080, device: smartDevice('P115'), asleepMs: Infinity },
  })
  t.after(() => device.stop())
  const { link, stop } = linkTo('127.30.13.4', 80, { haste: 5 })
  t.after(stop)
  await assert.rejects(link.read('poll'), { code: 'WAKING' })
  assert.equal(diagnose(link.observations())[0]?.code, 'WAKING')
})

test('what was found out survives a restart: no probing, no second guess', async (t) => {
  const { device, link } = await startLinked(t, {
    address: '127.30.13.5',
    device: iotDevice('HS100'),
    encryption: 'klap1',
  })
  await link.read('person')
  const memory = link.memory()
  assert.equal(memory?.scheme.family, 'iot')
  const probes: string[] = []
  const again = linkTo(device.host, device.port, {
    memory,
    probe: (host) => {
      probes.push(host)
      return Promise.resolve(null)
    },
  })
  t.after(again.stop)
  await again.link.read('person')
  assert.deepEqual(probes, [])
})

for (const encryption of ['klap1', 'klap2', 'tpap'] as const) {
  test(`a typed address with a port is tried in every way: ${encryption} speaks there`, async (t) => {
    const device = await startEmulator({
      ...{ address: '127.30.13.6', port: 0, discovery: false, device: smartDevice('P110'), encryption },
    })
    t.after(() => device.stop())
    const { link, stop } = linkTo(device.host, device.port)
    t.after(stop)
    assert.equal((await link.read('person')).info.model, 'P110')
  })
}

test('whatever is asked at once, a host has one connection', async (t) => {
  const queues = createHostQueues()
  const { device, link } = await startLinked(t, { address: '127.30.13.7', device: smartDevice('P110') }, { queues })
  device.delayMs = 5
  const second = linkTo(device.host, device.port, { queues, scheme: { encryption: 'klap' } })
  t.after(second.stop)
  await link.read('person')
  await Promise.all([link.read('poll'), link.setPower('', true), second.link.read('person'), link.setLed(true)])
  await second.link.setPower('', false)
  assert.ok(device.counts.mostOpen <= 1)
})
