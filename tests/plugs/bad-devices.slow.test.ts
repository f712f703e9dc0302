// J3: whatever a device does, the person reads one sentence, nothing changes, nothing grows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { failureClassOf } from '../../appliance/src/plugs/problems.ts'
import type { FailureClass } from '../../appliance/src/plugs/transports/types.ts'
import { iotDevice, smartDevice, type Fault } from '../fakes/tplink-emulator/index.ts'
import { ownerOf } from '../../appliance/src/plugs/transports/accounts.ts'
import { OURS, startLinked, STRANGER } from './emulated.ts'

const ADDRESS = '127.30.12.1'
const WAYS = ['klap2', 'tpap', 'aes2'] as const

async function failsAs(asked: Promise<unknown>, failure: FailureClass, code?: string): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof LaresError, String(error))
    assert.equal(failureClassOf(error), failure, `${error.code}: ${error.message}`)
    if (code !== undefined) assert.equal(error.code, code)
    assert.ok(error.message.length > 20 && error.message.endsWith('.'), error.message)
    return true
  })
}

for (const encryption of WAYS) {
  const address = ADDRESS

  test(`${encryption}: a wrong password is told as such, and is not shown again and again`, async (t) => {
    const options = { accounts: [{ ...OURS, password: 'wrong' }], haste: 1 }
    const { device, link } = await startLinked(t, { address, device: smartDevice('P110'), encryption }, options)
    for (let count = 0; count < 5; count++) await failsAs(link.read('poll'), 'auth-failed', 'LOGIN_REFUSED')
    // KLAP shows none; the others one, and then they wait.
    assert.ok(device.counts.failedLogins <= 1, `${device.counts.failedLogins} failed logins`)
  })

  test(`${encryption}: no account entered, and another account's plug, are told apart`, async (t) => {
    const nobody = await startLinked(t, { address, device: smartDevice('P110'), encryption }, { accounts: [] })
    await failsAs(nobody.link.read('person'), 'needs-account', 'NEEDS_ACCOUNT')
    await nobody.stop()
    const other = await startLinked(t, { address, device: smartDevice('P110'), encryption }, { accounts: [STRANGER] })
    const mac = '3C:52:A1:00:00:01'
    const found = { host: address, mac, model: 'P110', port: 80, needsAccount: true, info: null, schemes: [] }
    other.link.hint({ ...found, owner: ownerOf(OURS.user) })
    await failsAs(other.link.read('person'), 'wrong-account', 'OTHER_ACCOUNT')
    assert.equal(other.device.counts.failedLogins, 0)
  })

  test(`${encryption}: the right one of several accounts is found, and asked first the next time`, async (t) => {
    const options = { accounts: [STRANGER, OURS] }
    const { device, link } = await startLinked(t, { address, device: smartDevice('P110'), encryption }, options)
    await link.read('person')
    assert.equal(link.memory()?.signedInAs, 'account:a1')
    const before = device.counts.failedLogins
    device.forgetSessions()
    await link.read('person')
    assert.equal(device.counts.failedLogins, before)
  })

  test(`${encryption}: another program that keeps taking the session is named as the reason`, async (t) => {
    const { device, link } = await startLinked(t, { address, device: smartDevice('P110'), encryption })
    await link.read('person')
    device.forbidNext = 1_000
    await assert.rejects(link.setPower('', true), LaresError)
    assert.equal(device.smart?.on, false)
    device.forbidNext = 0
    await link.setPower('', true)
  })

  const faults: readonly Fault[] = [
    ...(['half', 'garbage', 'not-http', 'giant', 'endless', 'never-ends', 'silent', 'status-500'] as const),
  ]
  test(`${encryption}: half, garbage, giant and endless answers, silence: typed, bounded, over when it behaves again`, async (t) => {
    const plug = smartDevice('P110')
    const { device, link } = await startLinked(t, { address, device: plug, encryption }, { haste: 5 })
    for (const fault of faults) {
      for (const inSession of [true, false]) {
        device.fault = null
        await link.read('person')
        if (!inSession) link.close()
        device.fault = fault
        const memoryBefore = process.memoryUsage().arrayBuffers
        await assert.rejects(
          link.read('poll'),
          (error) => error instanceof LaresError && error.message.length > 20,
          fault,
        )
        assert.ok(process.memoryUsage().arrayBuffers - memoryBefore < 16 * 1024 * 1024, fault)
      }
    }
    device.fault = null
    await link.setPower('', true)
    assert.equal(plug.on, true)
    assert.ok(device.counts.mostOpen <= 1, 'more than one connection at a time')
  })
}

for (const encryption of ['klap2', 'tpap'] as const) {
  test(`${encryption}: an answer to another question is never taken for ours`, async (t) => {
    const { device, link } = await startLinked(t, { address: ADDRESS, device: smartDevice('P110'), encryption })
    await link.read('person')
    device.fault = 'wrong-sequence'
    await assert.rejects(link.read('person'), LaresError)
    device.fault = null
    await link.read('person')
  })
}

test('a device that dies in the middle of a command: a rule is not added twice, a switch may be repeated', async (t) => {
  const plug = iotDevice('KP115')
  const { device, link } = await startLinked(t, { address: ADDRESS, device: plug })
  await link.read('person')
  device.fault = 'dies'
  const at = { kind: 'time' as const, minuteOfDay: 60 }
  const rule = { name: 'x', enabled: true, on: true, at, weekdays: ['mon' as const], onDate: null }
  await failsAs(link.addSchedule('', rule), 'bad-answer')
  assert.equal(plug.schedules.length, 1)
  device.fault = null
  await link.setPower('', true)
  assert.equal(plug.on, true)
})

test('local access switched off says which toggle to use; what is signed in by default needs no account', async (t) => {
  const off = await startLinked(t, { address: ADDRESS, device: smartDevice('P110') })
  off.device.localAccessOff = true
  await failsAs(off.link.read('person'), 'refused', 'LOCAL_ACCESS_OFF')
  await off.stop()
  for (const login of [
    { user: 'kasa@tp-link.net', password: 'kasaSetup' },
    { user: 'test@tp-link.net', password: 'test' },
    { user: '', password: '' },
  ]) {
    const fresh = await startLinked(t, { address: ADDRESS, device: smartDevice('P110'), login }, { accounts: [] })
    await fresh.link.read('person')
    await fresh.stop()
  }
})
