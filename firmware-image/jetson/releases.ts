import { JetsonStop } from './stop.ts'

/** A release of Jetson Linux, for example 36, 4.3. */
export interface Release {
  /** The branch: 36 is JetPack 6, 39 is JetPack 7.2. */
  major: number
  /** The rest, for example `4.3`. */
  revision: string
}

export type Medium = 'sd' | 'usb' | 'nvme'

interface Branch {
  jetpack: string
  /** `VERSION_ID` of the sample root file system. */
  ubuntu: string
  oldestRevision: string
  /** How NVIDIA's Quick Start flashes module and NVMe disk in one run, from `Linux_for_Tegra`. */
  nvme(board: string): readonly string[]
  /** Whether the first boot enlarges the root of an image for a card by itself (nvresizefs; R39 has it no more). */
  growsByItself: boolean
}

/**
 * The branches that run on an Orin Nano. R35 is JetPack 5, whose Ubuntu 20.04 is over; R38 is for Thor only. Commands:
 * docs.nvidia.com/jetson/archives, Quick Start and Flashing Support of r36.4 and r39.2.1.
 */
const BRANCHES: Readonly<Record<number, Branch>> = {
  36: {
    jetpack: '6',
    ubuntu: '22.04',
    oldestRevision: '3',
    nvme: (board) => [
      ...['./tools/kernel_flash/l4t_initrd_flash.sh', '--external-device', 'nvme0n1p1'],
      ...['-c', 'tools/kernel_flash/flash_l4t_t234_nvme.xml', '-p', '-c bootloader/generic/cfg/flash_t234_qspi.xml'],
      ...['--showlogs', '--network', 'usb0', board, 'internal'],
    ],
    growsByItself: true,
  },
  39: {
    jetpack: '7.2',
    ubuntu: '24.04',
    oldestRevision: '2',
    nvme: (board) => ['./l4t_initrd_flash.sh', '--erase-all', board, 'internal'],
    growsByItself: false,
  },
}

export const words = ({ major, revision }: Release): string => `R${major}.${revision}`

/** Of `nv_tegra/bsp_version`, which NVIDIA's own flash.sh reads: `BSP_BRANCH=36`, `BSP_MAJOR=4`, `BSP_MINOR=3`. */
export function readBspVersion(text: string): Release | null {
  const value = (name: string): string | undefined => new RegExp(`^${name}="?(\\d+)"?\\s*$`, 'm').exec(text)?.[1]
  const [branch, major, minor] = [value('BSP_BRANCH'), value('BSP_MAJOR'), value('BSP_MINOR')]
  if (branch === undefined || major === undefined) return null
  return { major: Number(branch), revision: minor === undefined ? major : `${major}.${minor}` }
}

/** Of `/etc/nv_tegra_release`: `# R36 (release), REVISION: 4.3, GCID: …`. */
export function readTegraRelease(text: string): Release | null {
  const [, major, revision] = /^#\s*R(\d+)\s*\(release\),\s*REVISION:\s*([\d.]+)/m.exec(text) ?? []
  return major === undefined || revision === undefined ? null : { major: Number(major), revision }
}

/** Of a file name as NVIDIA offers it: `Tegra_Linux_Sample-Root-Filesystem_R36.4.3_aarch64.tbz2`, in any case. */
export function readFileNameRelease(name: string): Release | null {
  const [, major, revision] = /_R(\d+)\.(\d+(?:\.\d+)*)_aarch64\.(?:tbz2|tar\.\w+)$/i.exec(name) ?? []
  return major === undefined || revision === undefined ? null : { major: Number(major), revision }
}

/** `4.0` and `4` are one revision. */
export function isSameRelease(a: Release, b: Release): boolean {
  const trimmed = ({ revision }: Release): string => revision.replace(/(\.0)+$/, '')
  return a.major === b.major && trimmed(a) === trimmed(b)
}

/** What the builder knows of a release; throws in words for one that does not run on an Orin Nano. */
export function branchOf(release: Release): Branch {
  const branch = BRANCHES[release.major]
  const known = Object.entries(BRANCHES).map(([major, { jetpack }]) => `R${major} (JetPack ${jetpack})`)
  if (!branch) {
    const why = release.major === 38 ? ' R38 is for Jetson Thor.' : ''
    throw new JetsonStop(`${words(release)} is not built for an Orin Nano here.${why} Take ${known.join(' or ')}.`)
  }
  if (Number.parseInt(release.revision, 10) < Number(branch.oldestRevision))
    throw new JetsonStop(`${words(release)} is too old: take R${release.major}.${branch.oldestRevision} or later.`)
  return branch
}
