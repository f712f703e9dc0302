import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyFatFile, partitionOf, readFatFile } from '../../../firmware-image/boot-simulator/card.ts'
import { readLoaderConfig } from '../../../firmware-image/boot-simulator/loader-config.ts'
import { parseDeviceTree, switchedOn } from '../device-tree.ts'
import { initramfsNames } from '../initramfs-names.ts'
import { expect, type Scenario } from '../scenario.ts'

/** What a Pi 5 cannot do without, and what drives it (facts of the image, §4). */
const PI5_TREES = ['bcm2712-rpi-5-b.dtb', 'bcm2712-d-rpi-5-b.dtb']
const PI5_DEVICES = ['raspberrypi,rp1-gem', 'snps,dwc3', 'brcm,bcm2712-sdhci', 'brcm,bcm2712-pcie']
const PI4_TREES = ['bcm2711-rpi-4-b.dtb', 'bcm2711-rpi-400.dtb', 'bcm2711-rpi-cm4-io.dtb']
const PI4_DEVICES = ['brcm,bcm2711-emmc2', 'brcm,bcm2711-genet-v5', 'brcm,bcm2711-pcie']

/** Read before the root file system is there: they must be in the initramfs (or in the kernel). */
const TO_START = ['sdhci-brcmstb', 'sdhci-iproc', 'squashfs', 'ext4', 'virtio_blk']
const TO_RUN = [
  'rp1_pci',
  'clk-rp1',
  'pinctrl-rp1',
  'pinctrl-brcmstb-bcm2712',
  'macb',
  'dwc3',
  'xhci-hcd',
  'pcie-brcmstb',
  'genet',
  'brcmfmac',
  'vc4',
  'bcm2835_wdt',
  'irq-bcm2712-mip',
  'gpio-brcmstb',
]

export const withoutBoot: readonly Scenario[] = [
  {
    id: 'device-trees',
    title: 'Device trees of Pi 4 and Pi 5, with network, USB, card and PCIe switched on',
    after: [],
    run: async ({ options: { image } }) => {
      const seen: string[] = []
      for (const [trees, devices] of [
        [PI4_TREES, PI4_DEVICES],
        [PI5_TREES, PI5_DEVICES],
      ] as const)
        for (const tree of trees) seen.push(`${tree}: ${devicesOn(image, tree, devices)}.`)
      return Promise.resolve(seen)
    },
  },
  {
    id: 'drivers',
    title: 'The drivers that those boards need',
    after: [],
    run: ({ options: { image } }) => {
      const inInitramfs = new Set(initramfsOf(image).flatMap(moduleName))
      const root = rootListing(image)
      const inRoot = new Set(root.flatMap(moduleName))
      const builtIn = new Set(kernelFile(image, root, 'modules.builtin').split('\n').flatMap(moduleName))
      const lacking = (wanted: readonly string[], there: ReadonlySet<string>): string[] =>
        wanted.filter((name) => !there.has(plain(name)) && !builtIn.has(plain(name)))
      const late = lacking(TO_START, inInitramfs)
      expect(late.length === 0, `Neither in the kernel nor in the initramfs: ${late.join(', ')}`)
      const missing = lacking(TO_RUN, inRoot)
      expect(missing.length === 0, `Neither in the kernel nor among its modules: ${missing.join(', ')}`)
      const stock = TO_START.concat(TO_RUN).filter((name) => builtIn.has(plain(name)))
      return Promise.resolve([
        `${TO_START.length + TO_RUN.length} looked for, all there; in the kernel itself: ${stock.join(', ')}.`,
      ])
    },
  },
  {
    id: 'no-password',
    title: 'No default user, no default password, no key, SSH not enabled',
    after: [],
    run: ({ options: { image } }) => {
      const listing = rootListing(image)
      const open = rootFile(image, 'etc/shadow')
        .split('\n')
        .filter((line) => line !== '' && !/^[^:]+:[!*]/.test(line))
      expect(
        open.length === 0,
        `Accounts with a password, or with none to ask for: ${open.map((line) => line.split(':')[0]).join(', ')}`,
      )
      const people = rootFile(image, 'etc/passwd')
        .split('\n')
        .map((line) => line.split(':'))
        .filter(([name, , uid]) => name !== 'nobody' && Number(uid) >= 1000)
      expect(people.length === 0, `Accounts of persons: ${people.map(([name]) => name).join(', ')}`)
      const keys = listing.filter((path) => /authorized_keys|etc\/ssh\/ssh_host_.*key$/.test(path))
      expect(keys.length === 0, `Keys in the image: ${keys.join(', ')}`)
      const wants = listing.filter((path) =>
        /^(etc|usr\/lib)\/systemd\/system\/.*\.wants\/(ssh|sshd)\.(service|socket)$/.test(path),
      )
      expect(wants.length === 0, `SSH starts by itself: ${wants.join(', ')}`)
      return Promise.resolve(['All accounts are locked, no account of a person, no key, nothing that starts SSH.'])
    },
  },
]

function devicesOn(image: string, tree: string, devices: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'lares-tree-'))
  try {
    copyFatFile(image, partitionOf(image, 'boot_a'), tree, join(folder, tree))
    const source = execFileSync('dtc', ['-q', '-I', 'dtb', '-O', 'dts', join(folder, tree)], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 ** 2,
    })
    const nodes = parseDeviceTree(source)
    return devices
      .map((device) => {
        const on = switchedOn(nodes, device).length
        expect(on > 0, `${tree}: no ${device} that is switched on.`)
        return `${on} ${device}`
      })
      .join(', ')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `kernel/drivers/net/foo-bar.ko.xz` → `foo_bar`. */
const moduleName = (path: string): string[] => {
  const found = /([^/]+)\.ko(\.(xz|zst|gz))?$/.exec(path.trim())?.[1]
  return found === undefined ? [] : [plain(found)]
}

/** The kernel takes - and _ for the same. */
const plain = (name: string): string => name.replaceAll('-', '_')

function initramfsOf(image: string): string[] {
  const boot = partitionOf(image, 'boot_a')
  const config = readLoaderConfig(readFatFile(image, boot, 'config.txt') ?? '', { board: 'pi5', tryboot: false })
  expect(config.initramfs !== null, 'config.txt names no initramfs.')
  const folder = mkdtempSync(join(tmpdir(), 'lares-initramfs-'))
  try {
    copyFatFile(image, boot, config.initramfs, join(folder, 'initramfs'))
    return initramfsNames(readFileSync(join(folder, 'initramfs')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const MOST_LISTING_BYTES = 64 * 1024 ** 2
const rootAt = (image: string): string[] => ['-o', String(partitionOf(image, 'root_a').offset)]

function rootListing(image: string): string[] {
  const text = execFileSync('unsquashfs', [...rootAt(image), '-d', '', '-l', image], {
    encoding: 'utf8',
    maxBuffer: MOST_LISTING_BYTES,
  })
  return text.split('\n').map((line) => line.replace(/^\//, ''))
}

function rootFile(image: string, path: string): string {
  return execFileSync('unsquashfs', [...rootAt(image), '-cat', image, path], {
    encoding: 'utf8',
    maxBuffer: MOST_LISTING_BYTES,
  })
}

function kernelFile(image: string, listing: readonly string[], name: string): string {
  const path = listing.find((each) => each.startsWith('usr/lib/modules/') && each.endsWith(`/${name}`))
  expect(path !== undefined, `The image has no ${name}.`)
  return rootFile(image, path)
}
