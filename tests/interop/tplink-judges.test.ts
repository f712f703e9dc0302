// Programs of others say whether our emulator speaks like a device, and whether our own words are what the wire expects.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { describe, it, test } from 'node:test'
import { loginDeviceByIp } from 'tp-link-tapo-connect'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { sendXor } from '../../appliance/src/plugs/transports/xor-connection.ts'
import { startOddPlug } from '../fakes/plugs.ts'
import { ACCOUNT, iotDevice, smartDevice, startEmulator, type EmulatorOptions } from '../fakes/tplink-emulator/index.ts'
import { bringPythonKasa, judge } from './support/python-kasa.ts'

const PORT = 18_080
const { user, password } = ACCOUNT

for (const encryption of ['klap2', 'aes1'] as const) {
  test(`tp-link-tapo-connect drives the emulator over ${encryption}`, async (t) => {
    const plug = smartDevice('P110', { name: 'Kettle' })
    const device = await startEmulator({ address: '127.30.14.1', port: 0, discovery: false, device: plug, encryption })
    t.after(() => device.stop())
    const driver = await loginDeviceByIp(user, password, `127.30.14.1:${device.port}`)
    const info = (await driver.getDeviceInfo()) as unknown as { device_on: boolean; nickname: string; model: string }
    assert.deepEqual([info.model, info.device_on, info.nickname], ['P110', false, 'Kettle'])
    await driver.turnOn()
    assert.equal(plug.on, true)
    const energy = (await driver.getEnergyUsage()) as unknown as { current_power: number }
    assert.equal(energy.current_power, 12_345)
  })
}

const why = bringPythonKasa()
describe('python-kasa', { skip: why !== null && `skipped: ${why}`, timeout: 300_000 }, () => {
  const children = ['Left', 'Right'].map((name, index) => ({ id: `C${index}`, name, on: false, powerMw: 1_000 }))
  const devices: readonly (Pick<EmulatorOptions, 'device' | 'encryption'> & { watts: number | null; model: string })[] =
    [
      { device: smartDevice('P110M'), encryption: 'klap2', watts: 12.345, model: 'P110M' },
      { device: smartDevice('P110'), encryption: 'aes2', watts: 12.345, model: 'P110' },
      { device: iotDevice('HS110(UK)', { metered: true }), encryption: 'klap1', watts: 23.456, model: 'HS110' },
      { device: iotDevice('EP25(US)', { metered: true }), encryption: 'klap2', watts: 23.456, model: 'EP25' },
      {
        device: smartDevice('P304M', { children, components: ['device', 'child_device'] }),
        ...{ encryption: 'klap2', watts: null, model: 'P304M' },
      },
    ]
  for (const { device: state, encryption = 'klap2', watts, model } of devices) {
    it(`finds, switches and reads the emulated ${model} over ${encryption}`, async (t) => {
      const device = await startEmulator({ address: '127.30.14.2', port: PORT, device: state, encryption })
      t.after(() => device.stop())
      const [before, after] = await judge('127.30.14.2', user, password)
      assert.deepEqual([before?.model, before?.on, after?.on], [model, false, true])
      if (watts !== null) assert.equal(after?.power, watts)
      else assert.deepEqual(after?.children, ['Left', 'Right'])
    })
  }

  it('is refused by the emulator with a wrong password', async (t) => {
    const device = await startEmulator({ address: '127.30.14.2', port: PORT, device: smartDevice('P110') })
    t.after(() => device.stop())
    await assert.rejects(judge('127.30.14.2', user, 'wrong'), /challenge|Authentication/i)
  })
})

const noTshark = spawnSync('tshark', ['-D'], { timeout: 30_000 }).status !== 0
const skip = noTshark && 'skipped: no tshark that may listen here'
test('tshark reads our XOR question and answer as the protocol', { skip, timeout: 120_000 }, async (t) => {
  const plug = await startOddPlug({ address: '127.30.14.3', port: 9999 })
  t.after(() => plug.stop())
  const fields = ['-T', 'fields', '-e', 'tplink_smarthome.len', '-e', 'tplink_smarthome.msg']
  const shark = spawn('tshark', [
    '-l',
    '-i',
    'lo',
    '-f',
    'host 127.30.14.3 and port 9999',
    '-Y',
    'tplink-smarthome',
    ...fields,
  ])
  t.after(() => void shark.kill('SIGKILL'))
  let read = ''
  shark.stdout.on('data', (text) => (read += String(text)))
  const payload = '{"system":{"get_sysinfo":{}}}'
  const signal = AbortSignal.timeout(60_000)
  // It needs a moment to listen: asked until it has seen one exchange.
  while (!(read.includes('get_sysinfo') && read.includes('KP115'))) {
    await sendXor({ host: '127.30.14.3', port: 9999, payload, clock: systemClock, timeoutMs: 3_000, signal })
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const [length, message] = (read.split('\n').find((line) => line.includes('get_sysinfo')) ?? '').split('\t')
  assert.equal(Number(length), payload.length)
  assert.equal(JSON.stringify(JSON.parse(message ?? '')), payload)
})
