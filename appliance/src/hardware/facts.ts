import { access, readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'

export interface PciDevice {
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
}

/** What the kernel says about this machine, read once. */
export interface MachineFacts {
  pci: readonly PciDevice[]
  usb: readonly UsbDevice[]
  /** Device tree: from most to least specific, for example `raspberrypi,5-model-b`, `brcm,bcm2712`. */
  compatible: readonly string[]
  boardModel: string | null
  videoNames: readonly string[]
  cpuInfo: string
  memInfo: string
  /** Whether a file, folder or device node exists. */
  exists(path: string): boolean
}

/** Every node that a probe may ask for; they are checked together, so that the probes stay pure. */
export const NODES = [
  '/dev/nvidia0',
  '/proc/driver/nvidia/version',
  '/dev/nvhost-gpu',
  '/dev/nvgpu/igpu0',
  '/dev/nvmap',
  '/etc/nv_tegra_release',
  '/dev/hailo0',
  '/dev/apex_0',
  '/dev/dri/renderD128',
  '/dev/accel/accel0',
  '/dev/kfd',
  '/dev/memx0',
  '/sys/kernel/debug/rknpu/version',
] as const

/** Reads below `root` (`/` in the product, a fixture folder in tests). What is missing is empty: never throws for that. */
export async function readFacts(root: string): Promise<MachineFacts> {
  const inRoot = (path: string): string => join(root, path)
  const [pci, usb, compatible, boardModel, videoNames, cpuInfo, memInfo, found] = await Promise.all([
    readPci(inRoot('/sys/bus/pci/devices')),
    readUsb(inRoot('/sys/bus/usb/devices')),
    readText(inRoot('/proc/device-tree/compatible')),
    readBoardModel(inRoot),
    readVideoNames(inRoot('/sys/class/video4linux')),
    readText(inRoot('/proc/cpuinfo')),
    readText(inRoot('/proc/meminfo')),
    findExisting(inRoot),
  ])
  return {
    pci,
    usb,
    compatible: compatible.split('\0').filter(Boolean),
    boardModel,
    videoNames,
    cpuInfo,
    memInfo,
    exists: (path) => found.has(path),
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return ''
  }
}

async function list(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort()
  } catch {
    return []
  }
}

async function readHex(path: string): Promise<string> {
  return (await readText(path)).trim().toLowerCase().replace(/^0x/, '')
}

async function readPci(folder: string): Promise<PciDevice[]> {
  const names = await list(folder)
  return Promise.all(
    names.map(async (name) => ({
      vendor: await readHex(join(folder, name, 'vendor')),
      device: await readHex(join(folder, name, 'device')),
      class: await readHex(join(folder, name, 'class')),
      driver: await readLinkName(join(folder, name, 'driver')),
    })),
  )
}

async function readLinkName(path: string): Promise<string | null> {
  try {
    return basename(await readlink(path))
  } catch {
    return null
  }
}

async function readUsb(folder: string): Promise<UsbDevice[]> {
  const names = await list(folder)
  const devices = await Promise.all(
    names.map(async (name) => ({
      vendor: await readHex(join(folder, name, 'idVendor')),
      product: await readHex(join(folder, name, 'idProduct')),
    })),
  )
  // Interfaces of a device stand in the same folder, without ids.
  return devices.filter(({ vendor }) => vendor !== '')
}

async function readBoardModel(inRoot: (path: string) => string): Promise<string | null> {
  const fromTree = (await readText(inRoot('/proc/device-tree/model'))).replaceAll('\0', '').trim()
  if (fromTree) return fromTree
  const vendor = (await readText(inRoot('/sys/class/dmi/id/sys_vendor'))).trim()
  const product = (await readText(inRoot('/sys/class/dmi/id/product_name'))).trim()
  return [vendor, product].filter(Boolean).join(' ') || null
}

async function readVideoNames(folder: string): Promise<string[]> {
  const names = await list(folder)
  return Promise.all(names.map(async (name) => (await readText(join(folder, name, 'name'))).trim()))
}

async function findExisting(inRoot: (path: string) => string): Promise<Set<string>> {
  const found = new Set<string>()
  await Promise.all(
    NODES.map(async (node) => {
      try {
        await access(inRoot(node))
        found.add(node)
      } catch {
        // Not there: nothing to note.
      }
    }),
  )
  return found
}
