import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { iotDevice, smartDevice } from '../fakes/tplink-emulator/index.ts'
import { startLinked } from './emulated.ts'

const ADDRESS = '127.30.11.1'
const WAYS = ['klap1', 'klap2', 'tpap', 'aes1', 'aes2'] as const

for (const encryption of WAYS) {
  test(`J3 a P110M over ${encryption} is read and switched, and says what it is`, async (t) => {
    const plug = smartDevice('P110M', { name: 'Kettle' })
    const { device, link } = await startLinked(t, { address: ADDRESS, device: plug, encryption })
    const { info, readings, energy } = await link.read('person')
    assert.deepEqual(info.outlets, [{ id: '', alias: 'Kettle', on: false, brightness: null }])
    assert.deepEqual([info.mac, info.model, info.family, info.rssiDbm], ['3C:52:A1:00:00:01', 'P110M', 'smart', -48])
    assert.deepEqual(
      { ...readings.get(''), at: 0 },
      { at: 0, powerMw: 12_345, voltageMv: 230_100, currentMa: 54, totalWh: null },
    )
    const counted = energy.get('')
    assert.deepEqual([counted?.todayWh, counted?.monthWh, counted?.lifetimeWh], [321, 4_321, null])
    assert.deepEqual([counted?.deviceTime, counted?.powerQuality], ['2026-11-28 15:18:46', 'milliwatt'])
    await link.setPower('', true)
    assert.equal(plug.on, true)
    assert.equal((await link.read('poll')).info.outlets[0]?.on, true)
    assert.equal(device.counts.signIns, 1)
    assert.ok(device.counts.mostOpen <= 1)
    assert.equal(link.memory()?.signedInAs, 'account:a1')
  })
}

for (const encryption of ['klap1', 'klap2'] as const) {
  test(`J3 an older Kasa plug whose firmware speaks ${encryption} keeps its language, and gives lifetime energy`, async (t) => {
    const plug = iotDevice('HS110(UK)', { metered: true, alias: 'Heater' })
    const { link } = await startLinked(t, { address: ADDRESS, device: plug, encryption })
    const { info, readings, energy } = await link.read('person')
    assert.deepEqual([info.family, info.alias, info.ledOn], ['iot', 'Heater', true])
    assert.equal(readings.get('')?.powerMw, 23_456)
    assert.equal(energy.get('')?.lifetimeWh, 777)
    await link.setPower('', true)
    await link.setLed(false)
    assert.deepEqual([plug.on, plug.ledOff], [true, true])
    // Newer firmware answers one module a question.
    for (const question of plug.questions) assert.equal(Object.keys(JSON.parse(question) as object).length, 1)
  })
}

describe('strips', () => {
  test('J3 a P304M is read and switched by outlet, page by page', async (t) => {
    const children = Array.from({ length: 13 }, (_, index) => ({
      ...{ id: `C${index}`, name: `Outlet ${index}`, on: false },
      powerMw: index === 0 ? null : index * 1_000,
    }))
    const components = ['device', 'child_device', 'countdown', 'schedule']
    const strip = smartDevice('P304M', { children, components })
    const { link } = await startLinked(t, { address: ADDRESS, device: strip })
    const { info, readings } = await link.read('person')
    assert.equal(info.outlets.length, 13)
    assert.equal(info.capabilities.meter, true)
    assert.deepEqual([readings.size, readings.get('C12')?.powerMw, readings.has('C0')], [12, 12_000, false])
    await link.setPower('C3', true)
    assert.deepEqual(
      children.filter(({ on }) => on).map(({ id }) => id),
      ['C3'],
    )
    await assert.rejects(link.setPower('C99', true), { code: 'PLUG_REFUSED' })
  })

  test('an outlet that only knows whole watts says so', async (t) => {
    const plug = smartDevice('P110', { measures: false, components: ['device', 'energy_monitoring'] })
    const { link } = await startLinked(t, { address: ADDRESS, device: plug })
    const { readings, energy } = await link.read('person')
    assert.deepEqual([readings.get('')?.powerMw, energy.get('')?.powerQuality], [12_345, 'milliwatt'])
    await link.read('poll')
    assert.equal(
      plug.methods.filter((method) => method === 'get_emeter_data').length,
      1,
      'asked again for what it has not',
    )
  })

  test('an HS300 over KLAP is switched by outlet', async (t) => {
    const children = ['00', '01'].map((end) => ({ id: `8006${end}`, alias: `O${end}`, state: 0 as 0 | 1 }))
    const strip = iotDevice('HS300', { children })
    const { link } = await startLinked(t, { address: ADDRESS, device: strip })
    const { info } = await link.read('person')
    assert.deepEqual(
      info.outlets.map(({ id }) => id),
      ['800600', '800601'],
    )
    await link.setPower('800601', true)
    assert.deepEqual(
      children.map(({ state }) => state),
      [0, 1],
    )
  })
})

test('a P100 that takes no batches is asked one thing at a time', async (t) => {
  const plug = smartDevice('P100', { refusesBatches: true })
  const { link } = await startLinked(t, { address: ADDRESS, device: plug })
  assert.equal((await link.read('person')).readings.get('')?.powerMw, 12_345)
})

test('brightness, LED and countdown of a Tapo device', async (t) => {
  const bulb = smartDevice('L510', {
    ...{ type: 'SMART.TAPOBULB', brightness: 40 },
    components: ['device', 'brightness', 'led', 'countdown', 'schedule'],
    schedules: [
      {
        id: 'S1',
        enable: true,
        s_min: 450,
        s_type: 'normal',
        week_day: 62,
        mode: 'repeat',
        desired_states: { on: true },
      },
      {
        id: 'S2',
        enable: false,
        s_type: 'sunset',
        time_offset: -15,
        mode: 'once',
        year: 2026,
        month: 12,
        day: 1,
        desired_states: { on: false },
      },
      { id: 'S3', enable: true, mode: 'something new' },
    ],
  })
  const { link } = await startLinked(t, { address: ADDRESS, device: bulb })
  const { info } = await link.read('person')
  assert.deepEqual(info.capabilities, {
    ...{ switch: true, meter: false, dimmer: true, light: true, led: true, countdown: true },
    ...{ scheduleRead: true, scheduleWrite: false },
  })
  await link.setBrightness('', 70)
  assert.deepEqual([bulb.brightness, bulb.on], [70, true])
  await assert.rejects(link.setBrightness('', 0), { kind: 'invalid' })
  await link.setLed(false)
  assert.equal(bulb.ledRule, 'never')
  assert.equal((await link.read('poll')).info.ledOn, false)
  assert.equal(await link.countdown(''), null)
  await link.setCountdown('', { delayS: 600, on: false })
  await link.setCountdown('', { delayS: 60, on: true })
  assert.deepEqual(await link.countdown(''), { id: 'C1', enabled: true, on: true, delayS: 60, remainingS: 60 })
  await link.deleteCountdown('')
  assert.equal(await link.countdown(''), null)
  assert.deepEqual(await link.schedules(''), [
    {
      id: 'S1',
      name: '',
      enabled: true,
      on: true,
      at: { kind: 'time', minuteOfDay: 450 },
      weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
      onDate: null,
    },
    {
      id: 'S2',
      name: '',
      enabled: false,
      on: false,
      at: { kind: 'sunset', offsetMin: -15 },
      weekdays: [],
      onDate: '2026-12-01',
    },
  ])
  const rule = {
    name: 'x',
    enabled: true,
    on: true,
    at: { kind: 'time' as const, minuteOfDay: 1 },
    weekdays: [],
    onDate: null,
  }
  await assert.rejects(link.addSchedule('', rule), { kind: 'unsupported' })
})

test('schedules and countdown of a Kasa device are written and read back', async (t) => {
  const plug = iotDevice('KP115')
  const { link } = await startLinked(t, { address: ADDRESS, device: plug })
  const rule = {
    ...{ name: 'Evening', enabled: true, on: true, at: { kind: 'sunset' as const, offsetMin: -20 } },
    ...{ weekdays: ['mon' as const, 'sun' as const], onDate: null },
  }
  const id = await link.addSchedule('', rule)
  assert.deepEqual(await link.schedules(''), [{ ...rule, id, weekdays: ['sun', 'mon'] }])
  const once = { ...rule, id, at: { kind: 'time' as const, minuteOfDay: 75 }, weekdays: [], onDate: '2026-12-24' }
  await link.editSchedule('', once)
  assert.deepEqual(await link.schedules(''), [once])
  await link.deleteSchedule('', id)
  assert.deepEqual(await link.schedules(''), [])
  await assert.rejects(link.deleteSchedule('', id), { code: 'PLUG_REFUSED' })
  await link.setCountdown('', { delayS: 30, on: true })
  await link.setCountdown('', { delayS: 90, on: false })
  assert.deepEqual(await link.countdown(''), {
    id: 'R1'.padEnd(32, '0'),
    enabled: true,
    on: false,
    delayS: 90,
    remainingS: null,
  })
})

test('a session that the device forgot is renewed without anybody noticing', async (t) => {
  for (const encryption of WAYS) {
    const { device, link, stop } = await startLinked(t, { address: ADDRESS, device: smartDevice('P110'), encryption })
    await link.read('person')
    device.forgetSessions()
    await link.setPower('', true)
    assert.deepEqual([device.smart?.on, device.counts.signIns], [true, 2], encryption)
    device.forbidNext = 1
    await link.setPower('', false)
    assert.deepEqual([device.smart?.on, device.counts.signIns], [false, 3], encryption)
    assert.ok(link.lostSessions() >= 2, encryption)
    await stop()
  }
})

test('firmware that answers one question a session is served with one session a question', async (t) => {
  const { device, link } = await startLinked(t, { address: ADDRESS, device: iotDevice('HS110'), encryption: 'klap1' })
  device.oneQuestionPerSession = true
  for (let count = 0; count < 4; count++) await link.setPower('', count % 2 === 0)
  await link.read('poll')
  assert.equal(device.iot?.on, false)
})

test('a plug that hangs up after each answer is asked again on a new connection', async (t) => {
  const { device, link } = await startLinked(t, { address: ADDRESS, device: smartDevice('P100') })
  device.closesAfterReply = true
  for (let count = 0; count < 3; count++) await link.read('poll')
  assert.equal(device.counts.signIns, 1)
  assert.ok(device.counts.connections >= 3)
  assert.ok(device.counts.mostOpen <= 1)
})
