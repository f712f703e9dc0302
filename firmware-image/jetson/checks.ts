import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Host } from './host.ts'
import type { JetsonOptions } from './options.ts'
import { branchOf, isSameRelease, readBspVersion, readFileNameRelease, words, type Release } from './releases.ts'
import { JetsonStop } from './stop.ts'

/** Laid into `Linux_for_Tegra` while the tree below `rootfs/` is this builder's and not finished. */
export const MARKER = '.lares-jetson'

const PROGRAMS = ['tar', 'bzip2', 'chroot', 'mount', 'umount', 'dpkg-deb', 'qemu-aarch64-static']
const TREE = ['apply_binaries.sh', 'flash.sh', 'nv_tegra/bsp_version', 'rootfs', 'tools', 'bootloader', 'kernel']

/** Everything that can be known to go wrong before anything is changed. Returns the release. */
export function checkAll(host: Host, options: JetsonOptions): Release {
  checkHost(host)
  const release = checkTree(options)
  checkTarball(options.rootfs, release)
  checkDebs(host, options.debs)
  checkRootfs(host, options)
  return release
}

function checkHost(host: Host): void {
  if (!host.isRoot) throw new JetsonStop('A root file system belongs to root: run this with sudo.')
  if (host.processor !== 'x64') throw new JetsonStop('NVIDIA’s tools run on an x86-64 PC only (Ubuntu 22.04 or 24.04).')
  const missing = PROGRAMS.filter((program) => !host.has(program))
  if (missing.length > 0)
    throw new JetsonStop(
      `${missing.join(', ')} is not installed: sudo apt install qemu-user-static binfmt-support bzip2, then NVIDIA’s tools/l4t_flash_prerequisites.sh.`,
    )
  if (!host.runsArm64)
    throw new JetsonStop('Programs for arm64 do not start here: sudo apt install binfmt-support qemu-user-static')
}

function checkTree({ l4t, board, medium }: JetsonOptions): Release {
  if (!existsSync(l4t)) throw new JetsonStop(`${l4t} is not there: unpack Jetson_Linux_R…_aarch64.tbz2 first.`)
  const missing = TREE.filter((path) => !existsSync(join(l4t, path)))
  if (missing.length > 0)
    throw new JetsonStop(
      `${l4t} is no whole Linux_for_Tegra: ${missing.join(', ')} is missing. Unpack NVIDIA’s file anew.`,
    )
  const release = readBspVersion(readFileSync(join(l4t, 'nv_tegra/bsp_version'), 'utf8'))
  if (!release) throw new JetsonStop(`${l4t}/nv_tegra/bsp_version does not say its release. Unpack NVIDIA’s file anew.`)
  const branch = branchOf(release)
  if (!existsSync(join(l4t, `${board}.conf`))) throw new JetsonStop(`${words(release)} knows no board ${board}.`)
  const tool = medium === 'nvme' ? branch.nvme(board)[0] : 'tools/jetson-disk-image-creator.sh'
  if (medium !== null && tool !== undefined && !existsSync(join(l4t, tool)))
    throw new JetsonStop(`${tool} is missing in ${l4t}. Unpack NVIDIA’s file anew.`)
  return release
}

function checkTarball(file: string, release: Release): void {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new JetsonStop(
      `${file} is not there: it is NVIDIA’s Tegra_Linux_Sample-Root-Filesystem_${words(release)}_aarch64.tbz2.`,
    )
  const own = readFileNameRelease(basename(file))
  // Under a name of the owner's, what is inside is looked at once it is unpacked.
  if (own && !isSameRelease(own, release))
    throw new JetsonStop(
      `The root file system is ${words(own)}, but Linux_for_Tegra is ${words(release)}: both have to be the same.`,
    )
}

function checkDebs(host: Host, debs: readonly string[]): void {
  const found = debs.map((file) => {
    if (!existsSync(file)) throw new JetsonStop(`${file} is not there: npm run package -- --arch arm64 builds it.`)
    const [name = '', architecture = ''] = ['Package', 'Architecture'].map((field) =>
      host.ask('dpkg-deb', ['--field', file, field]).trim(),
    )
    if (!/^lares(-accelerator-[a-z]+)?$/.test(name))
      throw new JetsonStop(`${file} is a package of ${name}, not of Lares.`)
    if (!['arm64', 'all'].includes(architecture))
      throw new JetsonStop(`${file} is for ${architecture}: npm run package -- --arch arm64 builds the right one.`)
    return name
  })
  if (!found.includes('lares')) throw new JetsonStop('None of the packages is lares itself.')
}

/** Whether the tree may be deleted: something mounted in it would go with it. */
function checkRootfs(host: Host, { l4t, fresh }: JetsonOptions): void {
  const rootfs = join(l4t, 'rootfs')
  const mounted = host.mounts().filter((path) => path.startsWith(`${rootfs}/`))
  if (mounted.length > 0)
    throw new JetsonStop(
      `Something is mounted in it, left by a run that was cut off: sudo umount ${mounted.reverse().join(' ')}`,
    )
  const isOurs = existsSync(join(l4t, MARKER))
  if (!isEmpty(rootfs) && !isOurs && !fresh)
    throw new JetsonStop(`${rootfs} is not empty. Add --fresh to delete what is in it and begin anew.`)
}

/** NVIDIA's file brings it with nothing but a note in it. */
export const isEmpty = (rootfs: string): boolean => readdirSync(rootfs).every((name) => name === 'README.txt')
