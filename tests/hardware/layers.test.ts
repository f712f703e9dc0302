import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { findingOf } from '../../appliance/src/cli/doctor/layers.ts'
import { LAYER_FOLDER, examineLayers, layerTableSchema, type LayerReport } from '../../appliance/src/hardware/index.ts'

const LAYERS = new URL('../../firmware-image/accelerators/', import.meta.url)
const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

type Tree = Record<string, string>

const shipped = (name: string): string => readFileSync(new URL(`${name}/versions.json`, LAYERS), 'utf8')
const names = readdirSync(LAYERS, { withFileTypes: true })
  .filter((each) => each.isDirectory())
  .map(({ name }) => name)

/** A machine with these files and with the table of a layer as its package lays it. */
async function examine(layer: string, tree: Tree, table = shipped(layer)): Promise<LayerReport[]> {
  const root = mkdtempSync(join(tmpdir(), 'lares-layers-'))
  folders.push(root)
  for (const [path, text] of Object.entries({ [`${LAYER_FOLDER}/${layer}.json`]: table, ...tree })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return examineLayers(root)
}

const pci = (device: string): Tree => ({
  '/sys/bus/pci/devices/0000:01:00.0/vendor': '0x1e60\n',
  '/sys/bus/pci/devices/0000:01:00.0/device': `0x${device}\n`,
  '/sys/bus/pci/devices/0000:01:00.0/class': '0x120000\n',
})
const dpkg = (packages: Record<string, string>): Tree => ({
  '/var/lib/dpkg/status': Object.entries(packages)
    .map(([name, version]) => `Package: ${name}\nStatus: install ok installed\nSection: x\nVersion: ${version}\n`)
    .join('\n'),
})
const hailo8 = (driver: string, library: string, python: string, firmware?: string): Tree => ({
  ...pci('2864'),
  '/sys/module/hailo_pci/version': `${driver}\n`,
  '/proc/modules': 'hailo_pci 1 0 - Live\n',
  [`/usr/lib/libhailort.so.${library}`]: '',
  [`/usr/lib/python3/dist-packages/hailort-${python}.egg-info`]: '',
  ...(firmware === undefined ? {} : dpkg({ hailofw: `${firmware}-1` })),
})

test('every table that is shipped can be read, names where each version is from, and a fix', () => {
  assert.deepEqual(names.sort(), ['coral', 'hailo', 'jetson', 'rockchip'])
  for (const name of names) {
    const table = layerTableSchema.parse(JSON.parse(shipped(name)))
    assert.equal(table.accelerator, name)
    for (const { parts, fix } of table.sets) {
      assert.ok(fix.length > 20 && parts.every(({ source }) => source.length > 20), name)
      assert.ok(parts.length > 1, 'one version alone matches nothing')
    }
  }
})

test('the guide says the versions that are pinned', () => {
  const guide = readFileSync(new URL('../../docs/guide/accelerators.md', import.meta.url), 'utf8')
  for (const name of names)
    for (const { pinned, rule } of layerTableSchema.parse(JSON.parse(shipped(name))).sets.flatMap(({ parts }) => parts))
      assert.match(
        guide,
        new RegExp(`\\b${rule === 'family' ? 'R?' : ''}${pinned.replaceAll('.', '\\.')}\\b`),
        `${name} ${pinned}`,
      )
})

test('no layer installed: nothing is said; a layer without its chip says so and is no fault', async () => {
  assert.deepEqual(await examineLayers(mkdtempSync(join(tmpdir(), 'lares-layers-'))), [])
  const [report] = await examine('hailo', {})
  assert.deepEqual([report?.state, report?.fix], ['idle', null])
  assert.equal(findingOf(report as LayerReport).state, 'fact')
})

test('a table that was spoilt says to install the layer anew', async () => {
  for (const spoilt of ['', '{', '{"accelerator":"hailo"}', shipped('hailo').replace('"same"', '"equal"')]) {
    const [report] = await examine('hailo', {}, spoilt)
    assert.equal(report?.state, 'broken')
    assert.match(report.fix ?? '', /reinstall lares-accelerator-hailo/)
  }
})

describe('Hailo: driver, library, Python library and firmware have to be one version', () => {
  test('the pinned ones are good; others that are all the same are no fault', async () => {
    const [pinned] = await examine('hailo', hailo8('4.23.0', '4.23.0', '4.23.0', '4.23.0'))
    assert.deepEqual([pinned?.state, pinned?.fix, pinned?.title], ['pinned', null, 'Hailo: Hailo-8 and Hailo-8L'])
    const [older] = await examine('hailo', hailo8('4.20.0', '4.20.0', '4.20.0'))
    assert.equal(older?.state, 'matching')
    assert.match(older.words, /belong together.*4\.23\.0/)
    assert.deepEqual([findingOf(pinned as LayerReport).state, findingOf(older).state], ['good', 'fact'])
  })

  test('the one that differs is named, with what to do', async () => {
    const cases: [Tree, RegExp][] = [
      [hailo8('4.20.0', '4.23.0', '4.23.0'), /Driver 4\.20\.0 does not fit library 4\.23\.0/],
      [hailo8('4.23.0', '4.22.0', '4.23.0'), /Library 4\.22\.0 does not fit driver 4\.23\.0/],
      [hailo8('4.23.0', '4.23.0', '4.20.0'), /Python library 4\.20\.0 does not fit/],
      [hailo8('4.23.0', '4.23.0', '4.23.0', '4.21.0'), /Firmware 4\.21\.0 does not fit/],
    ]
    for (const [tree, words] of cases) {
      const [report] = await examine('hailo', tree)
      assert.equal(report?.state, 'mismatch')
      assert.match(report.words, words)
      assert.match(report.fix ?? '', /apt install --reinstall hailo-all/)
      assert.equal(findingOf(report).state, 'problem')
    }
  })

  test('what is missing is named; a package that was removed does not count', async () => {
    const [none] = await examine('hailo', pci('2864'))
    assert.match(none?.words ?? '', /Not found: driver \(4\.23\.0\), library \(4\.23\.0\), Python library/)
    assert.equal(findingOf(none as LayerReport).state, 'warning')
    const removed = 'Package: hailort\nStatus: deinstall ok config-files\nVersion: 4.23.0\n'
    const [gone] = await examine('hailo', { ...pci('2864'), '/var/lib/dpkg/status': removed })
    assert.match(gone?.words ?? '', /library \(4\.23\.0\)/)
  })

  test('Hailo-10H is judged by its own line, under both names of its driver', async () => {
    const rest = { '/usr/lib/libhailort.so.5.1.1': '', '/usr/lib/python3/dist-packages/hailort-5.1.1.dist-info/x': '' }
    for (const module of ['hailo_pci', 'hailo1x_pci']) {
      const tree = { ...pci('45c4'), ...rest, [`/sys/module/${module}/version`]: '5.1.1\n' }
      const [report] = await examine('hailo', tree)
      assert.deepEqual([report?.state, report?.title], ['pinned', 'Hailo: Hailo-10H'])
    }
    const old = { ...pci('45c4'), ...rest, '/sys/module/hailo_pci/version': '4.23.0\n' }
    assert.equal((await examine('hailo', old))[0]?.state, 'mismatch')
  })
})

test('Coral: the TensorFlow inside libedgetpu is that of tflite_runtime, up to the last place', async () => {
  const stick = { '/sys/bus/usb/devices/2-1/idVendor': '18d1\n', '/sys/bus/usb/devices/2-1/idProduct': '9302\n' }
  const coral = (library: string, runtime: string): Tree => ({
    ...{ ...stick, ...dpkg({ ffmpeg: '5', 'libedgetpu1-std': library, zlib: '1' }) },
    [`/opt/lares-accelerators/coral/lib/python3.11/site-packages/tflite_runtime-${runtime}.dist-info/x`]: '',
  })
  assert.equal((await examine('coral', coral('16.0tf2.17.1-1.bookworm', '2.17.1')))[0]?.state, 'pinned')
  assert.equal((await examine('coral', coral('16.0tf2.17.0-1.bookworm', '2.17.1')))[0]?.state, 'pinned')
  const [report] = await examine('coral', coral('16.0tf2.13.1-1', '2.17.1'))
  assert.match(report?.words ?? '', /Tflite_runtime 2\.17\.1 does not fit TensorFlow inside libedgetpu 2\.13\.1/)
  assert.match((await examine('coral', stick))[0]?.words ?? '', /Not found: TensorFlow inside libedgetpu/)
})

test('Rockchip: what is written in the runtime counts, not its name; an old driver is told', async () => {
  const board = { '/proc/device-tree/compatible': 'radxa,rock-5b\0rockchip,rk3588\0' }
  const rockchip = (driver: string, runtime: string, toolkit: string): Tree => ({
    ...{ ...board, '/sys/module/rknpu/version': `${driver}\n` },
    '/usr/lib/librknnrt.so.2.3.0': '',
    '/usr/lib/librknnrt.so': `\x7fELF\xff\0librknnrt version: ${runtime} (429f97ae6b@2025-04-09T09:09:27)\0\xfe`,
    [`/usr/local/lib/python3.11/dist-packages/rknn_toolkit_lite2-${toolkit}.dist-info/x`]: '',
  })
  assert.equal((await examine('rockchip', rockchip('0.9.8', '2.3.2', '2.3.2')))[0]?.state, 'pinned')
  assert.match((await examine('rockchip', rockchip('0.9.8', '1.6.0', '2.3.2')))[0]?.words ?? '', /librknnrt\) 1\.6\.0/)
  assert.match(
    (await examine('rockchip', rockchip('0.8.2', '2.3.2', '2.3.2')))[0]?.words ?? '',
    /Driver \(rknpu\) 0\.8\.2 is older than 0\.9\.2/,
  )
  const noDriver = { ...rockchip('', '2.3.2', '2.3.2'), '/sys/module/rknpu/version': '' }
  assert.equal(
    (await examine('rockchip', noDriver))[0]?.state,
    'pinned',
    'a driver that does not say its version is no fault',
  )
})

test('Jetson: each system has its own TensorRT; a system that no set is for is named', async () => {
  const jetson = (release: string, tensorrt: string, cuda: string): Tree => ({
    '/proc/device-tree/compatible': 'nvidia,p3768-0000+p3767-0005\0nvidia,tegra234\0',
    '/etc/nv_tegra_release': `# R${release.split('.')[0]} (release), REVISION: ${release.split('.').slice(1).join('.')}, GCID: 1\n`,
    ...dpkg({ libnvinfer10: `${tensorrt}-1+cuda12.5`, 'python3-libnvinfer': `${tensorrt}-1+cuda12.5` }),
    [`/opt/lares-accelerators/jetson/lib/python3.10/site-packages/cuda_python-${cuda}.dist-info/x`]: '',
  })
  const six = await examine('jetson', jetson('36.4.3', '10.3.0.30', '12.6.2'))
  assert.deepEqual([six[0]?.title, six.length], ['Jetson: JetPack 6 (Jetson Linux R36)', 1])
  assert.equal(six[0]?.state, 'pinned', six[0]?.words)
  const seven = await examine('jetson', jetson('39.2.1', '10.16.0', '13.2.0'))
  assert.equal(seven[0]?.state, 'pinned', seven[0]?.words)
  const mixed = await examine('jetson', jetson('39.2.1', '10.3.0.30', '12.6.2'))
  assert.match(mixed[0]?.words ?? '', /TensorRT 10\.3\.0\.30 does not belong to this system; 10\.16 does/)
  const [thor] = await examine('jetson', jetson('38.4', '10.13.0', '13.0'))
  assert.deepEqual(thor?.words, 'Installed; for Jetson Linux R36 and R39, but R38 runs here.')
})
