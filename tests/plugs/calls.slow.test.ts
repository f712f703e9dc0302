import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { test } from 'node:test'
import { silentLog } from '../../appliance/src/core/log.ts'
import { openCallSocket } from '../../appliance/src/plugs/discovery/call-socket.ts'
import { parseRange, searchRange } from '../../appliance/src/plugs/discovery/range.ts'
import { sweep } from '../../appliance/src/plugs/discovery/sweep.ts'
import type { FoundDevice, RangeProgress } from '../../appliance/src/plugs/discovery/types.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { startOddPlug } from '../fakes/plugs.ts'
import { iotDevice, smartDevice, startEmulator } from '../fakes/tplink-emulator/index.ts'
import { encodeTdp } from '../../appliance/src/plugs/discovery/tdp-codec.ts'
import { encode } from '../../appliance/src/plugs/transports/xor-codec.ts'

const signal = new AbortController().signal

test('J3 plugs of every generation are found by a call, each once, with what they need', async (t) => {
  // A device of its own address answers only what is sent to it; the broadcast is its address here.
  const one = await startEmulator({
    address: '127.30.15.1',
    port: 18_080,
    device: smartDevice('P110'),
    encryption: 'tpap',
  })
  t.after(() => one.stop())
  const two = await startEmulator({
    ...{ address: '127.30.15.2', port: 18_080, encryption: 'klap1' as const },
    device: iotDevice('HS110', { mac: '50:C7:BF:00:15:02' }),
  })
  t.after(() => two.stop())
  const targets = ['127.30.15.1', '127.30.15.2'].map((broadcast) => ({ address: '127.0.0.1', broadcast }))
  const found = await sweep({ targets, clock: createHastyClock(1), log: silentLog(), signal })
  const byModel = found.sort((a, b) => a.host.localeCompare(b.host))
  assert.deepEqual(
    byModel.map(({ host, model, needsAccount, schemes }) => [host, model, needsAccount, schemes[0]?.encryption]),
    [
      ['127.30.15.1', 'P110(EU)', true, 'tpap'],
      ['127.30.15.2', 'HS110(EU)', true, 'klap'],
    ],
  )
})

test('J3 a range is searched address by address, with progress, and finds what no call reaches', async (t) => {
  const old = await startOddPlug({ address: '127.30.16.3', port: 9999, mac: '50:C7:BF:00:16:03' })
  t.after(() => old.stop())
  const tapo = await startEmulator({ address: '127.30.16.6', port: 18_080, device: smartDevice('P110') })
  t.after(() => tapo.stop())
  const told: RangeProgress[] = []
  const onProgress = (progress: RangeProgress): void => void told.push(progress)
  const found = await searchRange(parseRange('127.30.16.0/28'), { clock: createHastyClock(1), signal, onProgress })
  assert.deepEqual(found.map(({ host }) => host).sort(), ['127.30.16.3', '127.30.16.6'])
  assert.equal(told.length, 15)
  assert.deepEqual(told.at(-1), { asked: 14, total: 14, found: 2 })
})

test('SEC-C9 ten thousand hostile packets to the call socket: nothing found, nothing thrown, nothing kept', async (t) => {
  const found: FoundDevice[] = []
  const socket = await openCallSocket({
    from: '127.30.17.1',
    onFound: (device) => void found.push(device),
    onFailure: () => undefined,
  })
  assert.ok(socket)
  t.after(() => socket.close())
  // Where it listens is told by whom it calls.
  const victim = createSocket('udp4')
  const heard = new Promise<{ port: number }>((resolve) => victim.once('message', (_message, from) => resolve(from)))
  await new Promise<void>((resolve) => victim.bind(20_002, '127.30.17.2', resolve))
  t.after(() => void victim.close())
  socket.call('127.30.17.2')
  const { port } = await heard
  const good = JSON.stringify({
    error_code: 0,
    result: { mac: '3C-52-A1-00-00-01', mgt_encrypt_schm: { encrypt_type: 'KLAP' } },
  })
  const memoryBefore = process.memoryUsage().heapUsed
  let seed = 42
  const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below
  for (let count = 0; count < 10_000; count++) {
    const bytes = [
      () => Buffer.from(Array.from({ length: random(400) }, () => random(256))),
      () => encodeTdp(Buffer.from(good.slice(0, random(good.length))), count),
      () => encodeTdp(Buffer.from(good.replace('"mac"', '"m_c"')), count),
      () => encode(JSON.stringify({ system: { get_sysinfo: { mac: random(9), model: 'x'.repeat(random(900)) } } })),
      () => encodeTdp(Buffer.from('['.repeat(random(9_000))), count),
    ][count % 5] as () => Buffer
    const message = bytes()
    await new Promise((resolve) => victim.send(message, port, '127.30.17.1', resolve))
  }
  // One honest answer after them all is still heard.
  const heardGood = new Promise<void>((resolve) => {
    const wait = setInterval(() => {
      victim.send(encodeTdp(Buffer.from(good), 1), port, '127.30.17.1')
      if (found.length === 0) return
      clearInterval(wait)
      resolve()
    }, 20)
  })
  await heardGood
  assert.deepEqual([...new Set(found.map(({ mac }) => mac))], ['3C:52:A1:00:00:01'])
  assert.ok(process.memoryUsage().heapUsed - memoryBefore < 64 * 1024 * 1024)
})
