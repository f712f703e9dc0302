import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { hardwareReply } from '../../appliance/src/api/system.ts'
import { createHardware, type HardwareReport } from '../../appliance/src/hardware/index.ts'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

type Tree = Record<string, string>

const PI_CPU = (part: string, cores: number): string =>
  Array.from({ length: cores }, (_, i) => `processor\t: ${i}\nCPU part\t: ${part}\n`).join('\n')

/** Writes the files; a value that begins with `->` becomes a link. */
async function probe(tree: Tree): Promise<HardwareReport> {
  const root = mkdtempSync(join(tmpdir(), 'lares-hardware-'))
  folders.push(root)
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (content.startsWith('->')) symlinkSync(content.slice(2), join(root, path))
    else writeFileSync(join(root, path), content)
  }
  const report = await createHardware({ root }).probe()
  // Whatever it finds must fit what the API promises.
  hardwareReply.pick({ board: true, cpu: true, memoryMb: true, accelerators: true }).parse(report)
  return report
}

function pci(vendor: string, device: string, kind: string, driver?: string): Tree {
  const folder = '/sys/bus/pci/devices/0000:01:00.0'
  const files: Tree = {
    [`${folder}/vendor`]: `0x${vendor}\n`,
    [`${folder}/device`]: `0x${device}\n`,
    [`${folder}/class`]: `0x${kind}\n`,
  }
  return driver ? { ...files, [`${folder}/driver`]: `->../../../bus/pci/drivers/${driver}` } : files
}

test('a machine that shows nothing is a plain Linux computer without accelerators', async () => {
  assert.deepEqual(await probe({}), {
    board: 'Linux computer',
    cpu: { model: 'unknown processor', cores: 1 },
    memoryMb: 0,
    accelerators: [],
  })
})

test('Raspberry Pi 5: board, processor, memory, HEVC decoder', async () => {
  const report = await probe({
    '/proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0',
    '/proc/device-tree/compatible': 'raspberrypi,5-model-b\0brcm,bcm2712\0',
    '/proc/cpuinfo': PI_CPU('0xd0b', 4),
    '/proc/meminfo': 'MemTotal:        8245248 kB\nMemFree: 1 kB\n',
    '/sys/class/video4linux/video19/name': 'rpi-hevc-dec\n',
  })
  assert.equal(report.board, 'Raspberry Pi 5 Model B Rev 1.0')
  assert.deepEqual(report.cpu, { model: 'ARM Cortex-A76', cores: 4 })
  assert.equal(report.memoryMb, 8052)
  assert.deepEqual(
    report.accelerators.map(({ kind, name }) => [kind, name]),
    [['video-decoder', 'Raspberry Pi HEVC decoder']],
  )
})

test('Raspberry Pi 4: H.264 and HEVC decoders', async () => {
  const { accelerators } = await probe({
    '/proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.4\0',
    '/sys/class/video4linux/video10/name': 'bcm2835-codec-decode\n',
    '/sys/class/video4linux/video11/name': 'bcm2835-codec-encode\n',
    '/sys/class/video4linux/video19/name': 'rpivid\n',
  })
  assert.deepEqual(
    accelerators.map(({ name }) => name),
    ['Raspberry Pi H.264 decoder', 'Raspberry Pi HEVC decoder'],
  )
})

test('Jetson Orin: ready only with its device node', async () => {
  const tree = { '/proc/device-tree/compatible': 'nvidia,p3767-0000\0nvidia,tegra234\0' }
  const [bare] = (await probe(tree)).accelerators
  assert.equal(bare?.name, 'NVIDIA Jetson Orin')
  assert.equal(bare?.ready, false)
  assert.match(bare?.hint ?? '', /JetPack/)
  const [ready] = (await probe({ ...tree, '/dev/nvgpu/igpu0': '' })).accelerators
  assert.equal(ready?.ready, true)
})

test('NVIDIA card: found without driver says so, with driver it is ready', async () => {
  const card = pci('10de', '2504', '030000')
  const [bare] = (await probe(card)).accelerators
  assert.deepEqual([bare?.kind, bare?.present, bare?.ready], ['nvidia-gpu', true, false])
  assert.match(bare?.hint ?? '', /driver/)
  const [ready] = (await probe({ ...card, '/dev/nvidia0': '', '/proc/driver/nvidia/version': 'NVRM 575' })).accelerators
  assert.equal(ready?.ready, true)
})

test("an NVIDIA card's sound function is no graphics card", async () => {
  assert.deepEqual((await probe(pci('10de', '228e', '040300'))).accelerators, [])
})

test('Hailo-8 and Hailo-10H are told apart; each names its driver', async () => {
  const [eight] = (await probe(pci('1e60', '2864', '120000'))).accelerators
  assert.deepEqual([eight?.name, eight?.ready], ['Hailo-8 or Hailo-8L', false])
  const [ten] = (await probe({ ...pci('1e60', '45c4', '120000'), '/dev/hailo0': '' })).accelerators
  assert.deepEqual([ten?.name, ten?.ready], ['Hailo-10H', true])
})

test('Coral stick: known before and after its firmware was loaded', async () => {
  const usb = (vendor: string, product: string): Tree => ({
    '/sys/bus/usb/devices/2-1/idVendor': `${vendor}\n`,
    '/sys/bus/usb/devices/2-1/idProduct': `${product}\n`,
    '/sys/bus/usb/devices/2-1:1.0/bInterfaceClass': 'fe\n',
  })
  const [fresh] = (await probe(usb('1a6e', '089a'))).accelerators
  assert.deepEqual([fresh?.name, fresh?.ready], ['Coral USB stick', false])
  assert.match(fresh?.hint ?? '', /firmware/)
  const [loaded] = (await probe(usb('18d1', '9302'))).accelerators
  assert.deepEqual([loaded?.name, loaded?.ready], ['Coral USB stick', true])
})

test('Intel graphics and NPU need their drivers', async () => {
  const gpu = await probe({ ...pci('8086', '46d1', '030000', 'i915'), '/dev/dri/renderD128': '' })
  assert.deepEqual(
    gpu.accelerators.map(({ kind, ready }) => [kind, ready]),
    [['intel-gpu', true]],
  )
  const npu = await probe(pci('8086', '7d1d', '120000'))
  assert.deepEqual(
    npu.accelerators.map(({ kind, ready }) => [kind, ready]),
    [['intel-npu', false]],
  )
})

test('Rockchip RK3588: the NPU of the vendor kernel and of the mainline kernel', async () => {
  const tree = { '/proc/device-tree/compatible': 'radxa,rock-5b\0rockchip,rk3588\0' }
  assert.equal((await probe(tree)).accelerators[0]?.ready, false)
  const vendor = await probe({ ...tree, '/sys/kernel/debug/rknpu/version': 'v0.9.8' })
  assert.deepEqual([vendor.accelerators[0]?.name, vendor.accelerators[0]?.ready], ['Rockchip RK3588 NPU', true])
  assert.equal((await probe({ ...tree, '/dev/accel/accel0': '' })).accelerators[0]?.ready, true)
})

test('this very machine can be probed', async () => {
  const report = await createHardware().probe()
  assert.ok(report.cpu.cores >= 1 && report.memoryMb > 100)
})
