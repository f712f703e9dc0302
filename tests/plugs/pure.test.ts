import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import { parsePlugAddress } from '../../appliance/src/plugs/address.ts'
import { normalizeMac, outletId, readRealtime, readSysinfo } from '../../appliance/src/plugs/languages/iot-state.ts'
import { broadcastOf, broadcastTargets } from '../../appliance/src/plugs/discovery/interfaces.ts'
import { isWorthTelling } from '../../appliance/src/plugs/plug-view.ts'
import { createFrameReader, decode, encode, encodeFrame } from '../../appliance/src/plugs/transports/xor-codec.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'

test('XOR: the first bytes are what every description of the protocol shows', () => {
  // {"system":{"get_sysinfo":{}}} as sent by other programs.
  const known = 'd0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6'
  assert.equal(encode('{"system":{"get_sysinfo":{}}}').toString('hex'), known)
})

test('XOR: any text comes back, in however many pieces it arrives', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (text, cuts) => {
        assert.equal(decode(encode(text)), text)
        const frame = encodeFrame(text)
        const reader = createFrameReader(64 * 1024)
        let answer: string | null = null
        for (let from = 0, turn = 0; from < frame.length; turn++) {
          const to = from + (cuts[turn % cuts.length] ?? 1)
          assert.equal(answer, null, 'done before the end')
          answer = reader.push(frame.subarray(from, to))
          from = to
        }
        assert.equal(answer, text)
      },
    ),
  )
})

test('XOR: random bytes never crash the reader nor make it keep more than the cap', () => {
  const cap = 1_000
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 40 }), (chunks) => {
      const reader = createFrameReader(cap)
      try {
        for (const chunk of chunks) if (reader.push(chunk) !== null) break
      } catch (error) {
        assert.ok(error instanceof LaresError && error.kind === 'too-large')
      }
      assert.ok(reader.receivedBytes <= cap + 4)
    }),
  )
})

test('any JSON as system information is either a plug or refused in words', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (answer) => {
      try {
        const info = readSysinfo(answer)
        assert.ok(info.outlets.length > 0)
      } catch (error) {
        assert.ok(error instanceof LaresError && error.kind === 'unsupported')
      }
      const reading = readRealtime(answer, 1)?.reading
      if (reading) for (const value of Object.values(reading)) assert.ok(value === null || Number.isSafeInteger(value))
    }),
  )
})

test('SEC-C9 a device that names one outlet twice is no plug: it would spoil the storing of all that were found', () => {
  const strip = { model: 'HS300(EU)', mac: '50c7bf000001', deviceId: 'D'.repeat(40) }
  const twice = [
    { id: '00', state: 1 },
    { id: `${strip.deviceId}00`, state: 0 },
  ]
  assert.throws(() => readSysinfo({ ...strip, children: twice }), { code: 'NOT_A_PLUG' })
  assert.equal(readSysinfo({ ...strip, children: [twice[0], { id: '01', state: 0 }] }).outlets.length, 2)
})

test("a device's own name is made fit to be shown", () => {
  const info = readSysinfo({
    model: 'HS100(EU)',
    mac: '50c7bf000001',
    alias: 'A\u0000\u202eB\n  C'.padEnd(200, 'x'),
    relay_state: 1,
  })
  assert.equal(info.mac, '50:C7:BF:00:00:01')
  assert.match(info.alias, /^A B C?x+$|^A B Cx+$/)
  assert.equal(info.alias.length, 64)
})

test('meters of both generations, half filled ones, and none', () => {
  assert.deepEqual(readRealtime({ power: 1.2345, voltage: 230, current: 0.005, total: 0.1 }, 7)?.reading, {
    at: 7,
    powerMw: 1_235,
    voltageMv: 230_000,
    currentMa: 5,
    totalWh: 100,
  })
  assert.deepEqual(readRealtime({ power_mw: 0 }, 7)?.reading, {
    at: 7,
    powerMw: 0,
    voltageMv: null,
    currentMa: null,
    totalWh: null,
  })
  assert.equal(readRealtime({ err_code: -1 }, 7), null)
  assert.equal(readRealtime({ power: Number.MAX_VALUE }, 7), null)
})

test('identities', () => {
  assert.equal(normalizeMac('50-c7-bf-00-00-01'), '50:C7:BF:00:00:01')
  assert.equal(normalizeMac('50:C7:BF'), null)
  assert.equal(outletId('3', 'ABC'), 'ABC03')
  assert.equal(outletId('03', 'ABC'), 'ABC03')
  assert.equal(outletId('ABC03', 'ABC'), 'ABC03')
})

test('addresses', () => {
  assert.deepEqual(parsePlugAddress(' 192.168.1.20 '), { host: '192.168.1.20', port: 9999 })
  assert.deepEqual(parsePlugAddress('Plug.Home.arpa:10000'), { host: 'plug.home.arpa', port: 10_000 })
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      try {
        const { host, port } = parsePlugAddress(text)
        assert.match(host, /^[a-z0-9.-]+$/)
        assert.ok(port >= 1 && port <= 65_535)
      } catch (error) {
        assert.ok(error instanceof LaresError && error.kind === 'invalid')
      }
    }),
  )
})

test('one call per IPv4 network, point-to-point left out, loopback only when there is nothing else', () => {
  assert.equal(broadcastOf('192.168.77.20', '255.255.255.0'), '192.168.77.255')
  assert.equal(broadcastOf('10.1.2.3', '255.255.240.0'), '10.1.15.255')
  const of = (address: string, netmask: string, internal = false) => ({
    address,
    netmask,
    internal,
    family: 'IPv4' as const,
    mac: '',
    cidr: null,
  })
  const interfaces = {
    lo: [of('127.0.0.1', '255.0.0.0', true)],
    eth0: [of('192.168.77.20', '255.255.255.0')],
    wg0: [of('10.9.0.2', '255.255.255.255')],
    wlan0: [of('10.1.2.3', '255.255.240.0')],
  }
  assert.deepEqual(broadcastTargets(interfaces), [
    { address: '192.168.77.20', broadcast: '192.168.77.255' },
    { address: '10.1.2.3', broadcast: '10.1.15.255' },
  ])
  assert.deepEqual(broadcastTargets({ lo: interfaces.lo }), [{ address: '127.0.0.1', broadcast: '127.255.255.255' }])
})

test('what is worth telling', () => {
  const plug = (change: Partial<Plug>, powerMw: number | null = 10_000, seenAt = 0): Plug => ({
    ...{
      id: 'x',
      name: 'Lamp',
      model: 'HS110',
      host: '10.0.0.1',
      mac: 'm',
      strip: null,
      can: ['switch', 'meter'],
      roomId: null,
      picture: null,
      reachable: true,
      problem: null,
      problemCode: null,
      on: true,
      brightness: null,
      seenAt,
    },
    reading: powerMw === null ? null : { at: seenAt, powerMw, voltageMv: null, currentMa: null, totalWh: null },
    ...change,
  })
  const before = plug({})
  assert.equal(isWorthTelling(null, before), true)
  assert.equal(isWorthTelling(before, plug({}, 10_499, 5_000)), false)
  assert.equal(isWorthTelling(before, plug({}, 10_500, 5_000)), true)
  assert.equal(isWorthTelling(plug({}, 100_000), plug({}, 101_000)), false)
  assert.equal(isWorthTelling(before, plug({}, null)), true)
  assert.equal(isWorthTelling(before, plug({}, 10_000, 60_000)), true)
  for (const change of [
    { on: false },
    { reachable: false },
    { name: 'Tea' },
    { problem: 'gone' },
    { host: '10.0.0.2' },
    { roomId: 'r' },
    { picture: '/api/plugs/x/picture.jpg' },
    { brightness: 20 },
    { can: ['switch' as const] },
  ]) {
    assert.equal(isWorthTelling(before, plug(change)), true, JSON.stringify(change))
  }
})
