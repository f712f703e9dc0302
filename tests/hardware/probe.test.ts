import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { hardwareReply } from '../../appliance/src/api/system.ts'
import { createHardware, type HardwareDeps, type HardwareReport } from '../../appliance/src/hardware/index.ts'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

type Tree = Record<string, string>

const NVRM = (version: string): string =>
  `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${version}  Tue May  1 2026\nGCC version: 12\n`

const PI_CPU = (part: string, cores: number): string =>
  Array.from({ length: cores }, (_, i) => `processor\t: ${i}\nCPU part\t: ${part}\n`).join('\n')

/** Writes the files; a value that begins with `->` becomes a link. */
async function probe(tree: Tree, deps: Omit<HardwareDeps, 'root'> = {}): Promise<HardwareReport> {
  const root = mkdtempSync(join(tmpdir(), 'lares-hardware-'))
  folders.push(root)
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (content.startsWith('->')) symlinkSync(content.slice(2), join(root, path))
    else writeFileSync(join(root, path), content)
  }
  const report = await createHardware({ root, ...deps }).probe()
  // Whatever it finds must fit what the API promises.
  hardwareReply.pick({ board: true, cpu: true, memoryMb: true, accelerators: true, decoders: true }).parse(report)
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
    cpu: { model: 'unknown processor', cores: 1, features: [] },
    memoryMb: 0,
    accelerators: [],
    decoders: [],
  })
})

test('Raspberry Pi 5: board, processor, memory, HEVC decoder', async () => {
  const report = await probe({
    '/proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0',
    '/proc/device-tree/compatible': 'raspberrypi,5-model-b\0brcm,bcm2712\0',
    '/proc/cpuinfo': PI_CPU('0xd0b', 4),
    '/proc/meminfo': 'MemTotal:        8245248 kB\nMemFree: 1 kB\n',
    '/sys/class/video4linux/video19/name': 'rpi-hevc-dec\n',
    '/dev/video19': '',
  })
  assert.equal(report.board, 'Raspberry Pi 5 Model B Rev 1.0')
  assert.deepEqual(report.cpu, { model: 'ARM Cortex-A76', cores: 4, features: [] })
  assert.equal(report.memoryMb, 8052)
  assert.deepEqual(
    report.decoders.map(({ kind, name, node, codecs, ready }) => [kind, name, node, codecs, ready]),
    [['v4l2-request', 'Raspberry Pi HEVC decoder', '/dev/video19', ['hevc'], true]],
  )
})

test('Raspberry Pi 4: H.264 and HEVC decoders', async () => {
  const { accelerators, decoders } = await probe({
    '/proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.4\0',
    '/sys/class/video4linux/video10/name': 'bcm2835-codec-decode\n',
    '/sys/class/video4linux/video11/name': 'bcm2835-codec-encode\n',
    '/sys/class/video4linux/video19/name': 'rpivid\n',
    '/dev/video10': '',
  })
  assert.deepEqual(accelerators, [])
  assert.deepEqual(
    decoders.map(({ kind, name, ready }) => [kind, name, ready]),
    [
      ['v4l2-m2m', 'Raspberry Pi H.264 decoder', true],
      ['v4l2-request', 'Raspberry Pi HEVC decoder', false],
    ],
  )
  assert.match(decoders[1]?.fix ?? '', /\/dev\/video19 is not there/)
})

test('Jetson Orin: ready only with its device node', async () => {
  const tree = { '/proc/device-tree/compatible': 'nvidia,p3767-0000\0nvidia,tegra234\0' }
  const [bare] = (await probe(tree)).accelerators
  assert.equal(bare?.name, 'NVIDIA Jetson Orin')
  assert.equal(bare?.ready, false)
  assert.match(bare?.fix ?? '', /JetPack/)
  assert.equal(bare?.state, 'present')
  const [ready] = (await probe({ ...tree, '/dev/nvgpu/igpu0': '' })).accelerators
  assert.equal(ready?.ready, true)
})

test('NVIDIA card: found without driver says so, with driver it is ready', async () => {
  const card = pci('10de', '2504', '030000')
  const [bare] = (await probe(card)).accelerators
  assert.deepEqual([bare?.kind, bare?.present, bare?.ready], ['nvidia-gpu', true, false])
  assert.match(bare?.fix ?? '', /install nvidia-driver/)
  const [ready] = (await probe({ ...card, '/dev/nvidia0': '', '/proc/driver/nvidia/version': NVRM('575.64') }))
    .accelerators
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
  assert.match(fresh?.fix ?? '', /waits for its firmware/)
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
  const vendor = await probe({ ...tree, '/sys/module/rknpu/version': '0.9.8\n' })
  assert.deepEqual([vendor.accelerators[0]?.name, vendor.accelerators[0]?.ready], ['Rockchip RK3588 NPU', true])
  assert.equal((await probe({ ...tree, '/dev/accel/accel0': '' })).accelerators[0]?.ready, true)
})

test('NVIDIA: nouveau, an old driver and a missing module each have their own fix', async () => {
  const nouveau = await probe(pci('10de', '2504', '030000', 'nouveau'))
  assert.match(nouveau.accelerators[0]?.fix ?? '', /nouveau, which cannot compute/)
  const card = { ...pci('10de', '2504', '030000', 'nvidia'), '/dev/nvidia0': '' }
  const old = await probe({ ...card, '/proc/driver/nvidia/version': NVRM('470.256.02') })
  assert.match(old.accelerators[0]?.fix ?? '', /470\.256\.02 is too old: version 525/)
  assert.equal(old.decoders[0]?.ready, false)
  const unloaded = await probe(card)
  assert.match(unloaded.accelerators[0]?.fix ?? '', /modprobe nvidia/)
})

test('nvidia-smi gives the card its name and memory; hailortcli tells 8 and 8L apart', async () => {
  const asked: string[] = []
  const tools = {
    ask: async (command: string) => {
      asked.push(command)
      return command === 'nvidia-smi'
        ? 'NVIDIA GeForce RTX 3050, 8192\n'
        : 'Board Name: Hailo-8\nDevice Architecture: HAILO8L\n'
    },
  }
  const card = { ...pci('10de', '2504', '030000', 'nvidia'), '/dev/nvidia0': '' }
  const nvidia = await probe({ ...card, '/proc/driver/nvidia/version': NVRM('575.64') }, { tools })
  assert.equal(nvidia.accelerators[0]?.name, 'NVIDIA GeForce RTX 3050, 8 GB')
  const tree = {
    ...pci('1e60', '2864', '120000', 'hailo'),
    '/dev/hailo0': '',
    '/sys/module/hailo_pci/version': '4.21.0',
  }
  assert.equal((await probe(tree, { tools })).accelerators[0]?.name, 'Hailo-8L')
  await probe(pci('1e60', '2864', '120000'), { tools })
  assert.deepEqual(asked, ['nvidia-smi', 'hailortcli'], 'no program is asked about what is not ready')
})

test('Hailo: a missing driver, one of the other generation and one of another version say what to install', async () => {
  const fixOf = async (tree: Tree): Promise<string> => (await probe(tree)).accelerators[0]?.fix ?? ''
  const eight = pci('1e60', '2864', '120000')
  assert.match(await fixOf(eight), /driver is missing: install that of HailoRT 4 \(hailo-all/)
  assert.match(
    await fixOf({ ...eight, '/proc/modules': 'hailo1x_pci 1 0 - Live\n' }),
    /hailo1x_pci.*another generation/,
  )
  const ten = { ...pci('1e60', '45c4', '120000'), '/dev/hailo0': '', '/sys/module/hailo1x_pci/version': '4.20.0\n' }
  assert.match(await fixOf(ten), /version 4\.20\.0, but HailoRT 5 is needed/)
  const oldName = (version: string): Tree => ({
    ...{ ...pci('1e60', '45c4', '120000'), '/dev/hailo0': '', '/sys/module/hailo_pci/version': `${version}\n` },
  })
  assert.equal(await fixOf(oldName('5.1.1')), '', 'HailoRT 5 before 5.3 has the module of that name, too')
  assert.match(await fixOf(oldName('4.23.0')), /version 4\.23\.0, but HailoRT 5 is needed/)
  const newNode = { ...pci('1e60', '45c4', '120000'), '/dev/h1x-0': '', '/sys/module/hailo1x_pci/version': '5.3.0\n' }
  assert.equal(await fixOf(newNode), '', 'and since 5.3 the node has another name')
  const bound = { ...eight, '/sys/module/hailo_pci/version': '4.21.0\n' }
  assert.match(await fixOf(bound), /\/dev\/hailo0 is not there\. Restart/)
  assert.match(await fixOf({ ...bound, '/.dockerenv': '' }), /--device \/dev\/hailo0/)
})

test('a node without permission names its group, and the container way in a container', async () => {
  const mayUse = async (): Promise<boolean> => false
  const tree = {
    ...pci('1ac1', '089a', '0880ff', 'apex'),
    '/dev/apex_0': '',
    '/etc/group': `root:x:99999:\napex:x:${process.getgid?.() ?? 0}:\n`,
  }
  const [coral] = (await probe(tree, { mayUse })).accelerators
  assert.deepEqual([coral?.ready, coral?.state], [false, 'present'])
  assert.match(coral?.fix ?? '', /may not use \/dev\/apex_0.*group apex.*usermod -aG apex/)
  const [inside] = (await probe({ ...tree, '/.dockerenv': '' }, { mayUse })).accelerators
  assert.match(inside?.fix ?? '', /--group-add apex/)
  const [allowed] = (await probe(tree)).accelerators
  assert.deepEqual([allowed?.ready, allowed?.fix], [true, null])
})

test('two graphics cards: each is judged by its own node', async () => {
  const card = (address: string, vendor: string, driver: string): Tree => ({
    [`/sys/bus/pci/devices/${address}/vendor`]: `0x${vendor}`,
    [`/sys/bus/pci/devices/${address}/device`]: '0x1234',
    [`/sys/bus/pci/devices/${address}/class`]: '0x030000',
    [`/sys/bus/pci/devices/${address}/driver`]: `->../../../bus/pci/drivers/${driver}`,
  })
  const { accelerators, decoders } = await probe({
    ...card('0000:00:02.0', '8086', 'i915'),
    ...card('0000:03:00.0', '1002', 'vfio-pci'),
    '/dev/dri/renderD128': '',
    '/sys/class/drm/renderD128/device': '->../../../0000:00:02.0',
  })
  assert.deepEqual(
    accelerators.map(({ kind, ready }) => [kind, ready]),
    [
      ['intel-gpu', true],
      ['amd-gpu', false],
    ],
  )
  assert.match(accelerators[1]?.fix ?? '', /amdgpu or radeon/)
  assert.deepEqual(
    decoders.map(({ kind, name, node }) => [kind, name, node]),
    [['vaapi', 'Intel video engine', '/dev/dri/renderD128']],
  )
})

test('AMD graphics and Ryzen AI, MemryX, Jetson and Rockchip decoders', async () => {
  const amd = await probe({ ...pci('1002', '164e', '030000', 'amdgpu'), '/dev/dri/renderD128': '', '/dev/kfd': '' })
  assert.match(amd.accelerators[0]?.hint ?? '', /ROCm/)
  const xdna = await probe({ ...pci('1022', '17f0', '118000', 'amdxdna'), '/dev/accel/accel0': '' })
  assert.deepEqual([xdna.accelerators[0]?.name, xdna.accelerators[0]?.ready], ['AMD Ryzen AI', true])
  assert.match((await probe(pci('1fe9', '0100', '120000'))).accelerators[0]?.fix ?? '', /memx-drivers/)
  const jetson = await probe({ '/proc/device-tree/compatible': 'nvidia,tegra234\0', '/dev/v4l2-nvdec': '' })
  assert.equal(jetson.decoders[0]?.kind, 'nvmpi')
  const rock = await probe({ '/proc/device-tree/compatible': 'rockchip,rk3588\0', '/dev/mpp_service': '' })
  assert.equal(rock.decoders[0]?.kind, 'rkmpp')
})

test('the processor tells which quick instructions it has', async () => {
  const { cpu } = await probe({ '/proc/cpuinfo': 'processor\t: 0\nFeatures\t: fp asimd asimddp i8mm\n' })
  assert.deepEqual(cpu.features, ['asimddp', 'i8mm'])
})

test('this very machine can be probed', async () => {
  const report = await createHardware().probe()
  assert.ok(report.cpu.cores >= 1 && report.memoryMb > 100)
})
