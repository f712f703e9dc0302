import { join } from 'node:path'
import { readNodes, type DeviceNode, type MayUse } from './nodes.ts'
import { listNames, readLine, readLinkName, readText } from './read-files.ts'

export interface PciDevice {
  /** Place on the bus, for example `0000:01:00.0`. */
  address: string
  /** Four hexadecimal digits each, lower case. */
  vendor: string
  device: string
  /** Six hexadecimal digits. */
  class: string
  /** Kernel driver that has taken it, or null. */
  driver: string | null
}

export interface UsbDevice {
  vendor: string
  product: string
  /** Its node, for example `/dev/bus/usb/002/003`, or null when the kernel names none. */
  node: string | null
}

/** A video node of the kernel: `name` is its driver's, `node` for example `/dev/video10`. */
export interface VideoNode {
  name: string
  node: string
}

/** A render or compute node and the device it belongs to. */
export interface GraphicsNode {
  node: string
  /** PCI address or name in the device tree, or null when the kernel does not say. */
  device: string | null
  driver: string | null
}

/** What the kernel says about this machine, read once. */
export interface MachineFacts {
  pci: readonly PciDevice[]
  usb: readonly UsbDevice[]
  /** Device tree: from most to least specific, for example `raspberrypi,5-model-b`, `brcm,bcm2712`. */
  compatible: readonly string[]
  boardModel: string | null
  video: readonly VideoNode[]
  /** `/dev/dri/renderD…`, in order. */
  render: readonly GraphicsNode[]
  /** `/dev/accel/accel…`, in order. */
  accel: readonly GraphicsNode[]
  /** Kernel modules by name, each with its version or an empty text. */
  modules: ReadonlyMap<string, string>
  cpuInfo: string
  memInfo: string
  /** First line of `/proc/driver/nvidia/version`. */
  nvidiaVersion: string
  /** First line of `/etc/nv_tegra_release`. */
  jetsonRelease: string
  isContainer: boolean
  /** A file, folder or device node, or null when it does not exist. */
  node(path: string): DeviceNode | null
}

/** Whose version matters: a driver of another generation does not bind the chip. */
const VERSIONED_MODULES = ['hailo_pci', 'hailo1x_pci', 'rknpu', 'apex', 'gasket'] as const

/** Reads below `root` (`/` in the product, a fixture folder in tests). What is missing is empty: never throws for that. */
export async function readFacts(root: string, mayUse?: MayUse): Promise<MachineFacts> {
  const inRoot = (path: string): string => join(root, path)
  const [pci, usb, video, render, accel] = await Promise.all([
    readPci(inRoot('/sys/bus/pci/devices')),
    readUsb(inRoot('/sys/bus/usb/devices')),
    readVideo(inRoot('/sys/class/video4linux')),
    readGraphics(inRoot, 'dri', '/sys/class/drm', /^renderD\d+$/),
    readGraphics(inRoot, 'accel', '/sys/class/accel', /^accel\d+$/),
  ])
  const [compatible, boardModel, modules, cpuInfo, memInfo, nvidiaVersion, jetsonRelease] = await Promise.all([
    readText(inRoot('/proc/device-tree/compatible')),
    readBoardModel(inRoot),
    readModules(inRoot),
    readText(inRoot('/proc/cpuinfo')),
    readText(inRoot('/proc/meminfo')),
    readLine(inRoot('/proc/driver/nvidia/version')),
    readLine(inRoot('/etc/nv_tegra_release')),
  ])
  const further = [...video, ...render, ...accel].map(({ node }) => node)
  const usbNodes = usb.map(({ node }) => node).filter((node) => node !== null)
  const nodes = await readNodes(root, [...further, ...usbNodes], mayUse)
  return {
    ...{ pci, usb, video, render, accel, modules, boardModel, cpuInfo, memInfo, nvidiaVersion, jetsonRelease },
    compatible: compatible.split('\0').filter(Boolean),
    isContainer: nodes.has('/.dockerenv') || nodes.has('/run/.containerenv'),
    node: (path) => nodes.get(path) ?? null,
  }
}

async function readHex(path: string): Promise<string> {
  return (await readText(path)).trim().toLowerCase().replace(/^0x/, '')
}

async function readPci(folder: string): Promise<PciDevice[]> {
  const names = await listNames(folder)
  return Promise.all(
    names.map(async (address) => ({
      address,
      vendor: await readHex(join(folder, address, 'vendor')),
      device: await readHex(join(folder, address, 'device')),
      class: await readHex(join(folder, address, 'class')),
      driver: await readLinkName(join(folder, address, 'driver')),
    })),
  )
}

async function readUsb(folder: string): Promise<UsbDevice[]> {
  const names = await listNames(folder)
  const devices = await Promise.all(
    names.map(async (name) => ({
      vendor: await readHex(join(folder, name, 'idVendor')),
      product: await readHex(join(folder, name, 'idProduct')),
      node: usbNode(await readLine(join(folder, name, 'busnum')), await readLine(join(folder, name, 'devnum'))),
    })),
  )
  // Interfaces of a device stand in the same folder, without ids.
  return devices.filter(({ vendor }) => vendor !== '')
}

function usbNode(bus: string, device: string): string | null {
  if (bus === '' || device === '') return null
  return `/dev/bus/usb/${bus.padStart(3, '0')}/${device.padStart(3, '0')}`
}

async function readBoardModel(inRoot: (path: string) => string): Promise<string | null> {
  const fromTree = (await readText(inRoot('/proc/device-tree/model'))).replaceAll('\0', '').trim()
  if (fromTree) return fromTree
  const vendor = await readLine(inRoot('/sys/class/dmi/id/sys_vendor'))
  const product = await readLine(inRoot('/sys/class/dmi/id/product_name'))
  return [vendor, product].filter(Boolean).join(' ') || null
}

async function readVideo(folder: string): Promise<VideoNode[]> {
  const names = await listNames(folder)
  return Promise.all(
    names.map(async (name) => ({ name: await readLine(join(folder, name, 'name')), node: `/dev/${name}` })),
  )
}

/** Nodes of one class: those in `/dev` are what counts, `/sys` says whose they are. */
async function readGraphics(
  inRoot: (path: string) => string,
  kind: 'dri' | 'accel',
  classFolder: string,
  pattern: RegExp,
): Promise<GraphicsNode[]> {
  const names = (await listNames(inRoot(`/dev/${kind}`))).filter((name) => pattern.test(name))
  return Promise.all(
    names.map(async (name) => ({
      node: `/dev/${kind}/${name}`,
      device: await readLinkName(inRoot(`${classFolder}/${name}/device`)),
      driver: await readLinkName(inRoot(`${classFolder}/${name}/device/driver`)),
    })),
  )
}

async function readModules(inRoot: (path: string) => string): Promise<Map<string, string>> {
  const loaded = (await readText(inRoot('/proc/modules'))).split('\n').map((line) => line.split(' ', 1)[0] ?? '')
  // Built into the kernel, a driver is no module that was loaded; its folder is there all the same.
  const builtIn = await Promise.all(
    VERSIONED_MODULES.map(async (name) => ((await listNames(inRoot(`/sys/module/${name}`))).length > 0 ? name : '')),
  )
  const names = [...new Set([...loaded, ...builtIn])].filter(Boolean)
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, string]> => {
        const isVersioned = (VERSIONED_MODULES as readonly string[]).includes(name)
        return [name, isVersioned ? await readLine(inRoot(`/sys/module/${name}/version`)) : '']
      }),
    ),
  )
}
