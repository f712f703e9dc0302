import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { machineReading } from '../../appliance/src/api/hardware.ts'
import { cpuPercent, parseCpuTicks, parseRknpuLoad } from '../../appliance/src/hardware/readings/loads.ts'
import { createMachineNotices } from '../../appliance/src/hardware/readings/notices.ts'
import { parseNvidia } from '../../appliance/src/hardware/readings/nvidia.ts'
import { readMachine } from '../../appliance/src/hardware/readings/read.ts'
import { parseThrottled } from '../../appliance/src/hardware/readings/throttling.ts'
import type { MachineReading, Tools } from '../../appliance/src/hardware/index.ts'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

function writeTree(tree: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'lares-readings-'))
  folders.push(root)
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

const silent: Tools = { ask: async () => null }
const PI = { '/proc/device-tree/compatible': 'raspberrypi,5-model-b\0brcm,bcm2712\0' }

test('a Pi: temperature of its zone, load between two readings, throttling from the kernel', async () => {
  const tree = {
    ...PI,
    '/sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n',
    '/sys/class/thermal/thermal_zone0/temp': '61850\n',
    '/sys/class/thermal/thermal_zone0/trip_point_0_type': 'critical\n',
    '/sys/class/thermal/thermal_zone0/trip_point_0_temp': '90000\n',
    '/sys/devices/platform/soc/soc:firmware/get_throttled': '50005\n',
    '/proc/stat': 'cpu  100 0 100 800 0 0 0 0 0 0\n',
  }
  const root = writeTree(tree)
  const first = await readMachine(root, silent, null, 1_000)
  machineReading.parse(first.reading)
  const zone = { id: 'thermal_zone0', name: 'Processor', celsius: 61.85, limitCelsius: 80 }
  assert.deepEqual(first.reading.temperatures, [zone])
  assert.deepEqual(first.reading.loads, [], 'one count alone says nothing')
  assert.deepEqual(first.reading.throttling, { underVoltage: true, isSlowed: true, hadUnderVoltage: true })
  writeFileSync(join(root, '/proc/stat'), 'cpu  160 0 120 820 0 0 0 0 0 0\n')
  const second = await readMachine(root, silent, first.counted, 61_000)
  assert.deepEqual(second.reading.loads, [{ id: 'cpu', name: 'Processor', percent: 80 }])
})

test('a Pi without that file is asked through vcgencmd, and then through its volt sensor', async () => {
  const asked: Tools = { ask: async (command) => (command === 'vcgencmd' ? 'throttled=0x10000\n' : null) }
  const byTool = await readMachine(writeTree(PI), asked, null, 0)
  assert.deepEqual(byTool.reading.throttling, { underVoltage: false, isSlowed: false, hadUnderVoltage: true })
  const sensor = { '/sys/class/hwmon/hwmon1/name': 'rpi_volt\n', '/sys/class/hwmon/hwmon1/in0_lcrit_alarm': '1\n' }
  const byAlarm = await readMachine(writeTree({ ...PI, ...sensor }), silent, null, 0)
  assert.equal(byAlarm.reading.throttling?.underVoltage, true)
  assert.equal((await readMachine(writeTree({}), asked, null, 0)).reading.throttling, null, 'only a Pi is asked')
})

test('a PC without a processor zone: the hottest core; unplugged sensors do not count; the Coral too', async () => {
  const { reading } = await readMachine(
    writeTree({
      '/sys/class/thermal/thermal_zone0/type': 'acpitz\n',
      '/sys/class/thermal/thermal_zone0/temp': '27800\n',
      '/sys/class/hwmon/hwmon0/name': 'coretemp\n',
      '/sys/class/hwmon/hwmon0/temp1_input': '48000\n',
      '/sys/class/hwmon/hwmon0/temp2_input': '55000\n',
      '/sys/class/hwmon/hwmon0/temp3_input': '0\n',
      '/sys/class/apex/apex_0/temp': '44500\n',
    }),
    silent,
    null,
    0,
  )
  assert.deepEqual(
    reading.temperatures.map(({ name, celsius }) => [name, celsius]),
    [
      ['Processor', 55],
      ['Coral', 44.5],
    ],
  )
})

test('loads of a Jetson, of AMD graphics, of a Rockchip NPU and of an NVIDIA card', async () => {
  const loadsOf = async (tree: Record<string, string>, tools = silent): Promise<unknown> =>
    (await readMachine(writeTree(tree), tools, null, 0)).reading.loads.map(({ name, percent }) => [name, percent])
  assert.deepEqual(await loadsOf({ '/sys/devices/gpu.0/load': '345\n' }), [['Graphics', 35]])
  assert.deepEqual(await loadsOf({ '/sys/class/drm/card0/device/gpu_busy_percent': '12\n' }), [['Graphics', 12]])
  assert.equal(parseRknpuLoad('NPU load:  Core0: 30%, Core1:  0%, Core2:  0%,'), 10)
  const nvidia: Tools = { ask: async () => '61, 34\n72, 5\n' }
  assert.deepEqual(await loadsOf({ '/proc/driver/nvidia/version': 'NVRM' }, nvidia), [['NVIDIA', 34]])
  assert.equal(parseNvidia('61, 34\n72, 5\n').temperatures[0]?.celsius, 72)
  assert.deepEqual(parseNvidia('N/A, [Not Supported]\n'), { temperatures: [], loads: [] })
})

test('what cannot be read is left out', async () => {
  const { reading } = await readMachine(writeTree({ '/proc/stat': 'cpu nonsense\n' }), silent, null, 5)
  assert.deepEqual(reading, { at: 5, temperatures: [], loads: [], throttling: null })
  assert.equal(parseThrottled('error=1 error_msg="Command not registered"'), null)
  assert.equal(parseCpuTicks(''), null)
  assert.equal(cpuPercent({ busy: 5, whole: 10 }, { busy: 5, whole: 10 }), null)
})

function readingOf(celsius: number, throttling: MachineReading['throttling'] = null): MachineReading {
  return { at: 0, temperatures: [{ id: 'z', name: 'Processor', celsius, limitCelsius: 85 }], loads: [], throttling }
}

test('heat is told when it lasts, and taken back when it is clearly over', () => {
  const raised = new Set<string>()
  const notices = createMachineNotices({
    raise: ({ id }) => void raised.add(id),
    clear: (id) => void raised.delete(id),
  })
  const after = (celsius: number): string[] => (notices.judge(readingOf(celsius)), [...raised])
  assert.deepEqual(after(90), [], 'one hot minute is no trouble')
  assert.deepEqual(after(86), ['hardware.heat'])
  assert.deepEqual(after(82), ['hardware.heat'], 'hardly cooler')
  assert.deepEqual(after(79), [])
})

test('a weak supply of a Pi is told at once, and not as heat', () => {
  const raised = new Set<string>()
  const notices = createMachineNotices({
    raise: ({ id }) => void raised.add(id),
    clear: (id) => void raised.delete(id),
  })
  const weak = { underVoltage: true, isSlowed: true, hadUnderVoltage: true }
  for (let i = 0; i < 3; i++) notices.judge(readingOf(50, weak))
  assert.deepEqual([...raised], ['hardware.power'])
  notices.judge(readingOf(50, { ...weak, underVoltage: false, isSlowed: false }))
  assert.deepEqual([...raised], [])
})
