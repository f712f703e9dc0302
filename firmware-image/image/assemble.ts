import { copyFileSync, globSync, lutimesSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { statSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kernelOf } from './base.ts'
import { AUTOBOOT, IMAGE_MB, MB, PARTITIONS, partitionNamed, partitionScript, startMbOf, type Partition } from './layout.ts'
import { linesOf, run } from './steps.ts'

export interface AssembleOptions {
  /** The finished root file system. */
  root: string
  /** Gets `lares.img`, and `slot/boot.vfat` and `slot/root.sqfs`, which an update is made of. */
  outFolder: string
  /** Seconds since 1970 that every file is said to be from. */
  sourceDateEpochS: number
  /** `quick` to try something out: a larger root file system in a tenth of the time. */
  effort: keyof typeof ZSTD_LEVELS
}

const ZSTD_LEVELS = { quick: 2, release: 15 }

export interface Assembled {
  readonly image: string
  readonly boot: string
  readonly rootFileSystem: string
}

export const BOARD = fileURLToPath(new URL('./boards/raspberry-pi/', import.meta.url))

export interface Board {
  readonly compatible: string
  readonly firmware: readonly string[]
  readonly imagerDevices: readonly string[]
}

export const readBoard = (): Board => JSON.parse(readFileSync(join(BOARD, 'board.json'), 'utf8')) as Board

/** Lays file systems and partitions together, without loop devices and without mounting anything. */
export function assemble({ root, outFolder, sourceDateEpochS, effort }: AssembleOptions): Assembled {
  const slot = join(outFolder, 'slot')
  mkdirSync(slot, { recursive: true })
  const made = { image: join(outFolder, 'lares.img'), boot: join(slot, 'boot.vfat'), rootFileSystem: join(slot, 'root.sqfs') }
  const work = mkdtempSync(join(outFolder, 'work-'))
  try {
    const boot = join(work, 'boot')
    gatherBootFiles(root, boot)
    makeFat({ partition: partitionNamed('boot_a'), from: boot, file: made.boot, sourceDateEpochS })
    makeSquashfs(root, made.rootFileSystem, { sourceDateEpochS, level: ZSTD_LEVELS[effort] })
    const bootcfg = join(work, 'bootcfg')
    mkdirSync(bootcfg)
    writeFileSync(join(bootcfg, 'autoboot.txt'), AUTOBOOT)
    const bootcfgFat = join(work, 'bootcfg.vfat')
    makeFat({ partition: partitionNamed('bootcfg'), from: bootcfg, file: bootcfgFat, sourceDateEpochS })
    layOut(made.image, { bootcfg: bootcfgFat, boot_a: made.boot, root_a: made.rootFileSystem })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return made
}

/** What the loader of the board reads: its settings, kernel, first file system, device trees, its own programs. */
function gatherBootFiles(root: string, target: string): void {
  mkdirSync(join(target, 'overlays'), { recursive: true })
  const kernel = kernelOf(root)
  copyFileSync(join(root, 'boot', `vmlinuz-${kernel}`), join(target, 'vmlinuz'))
  copyFileSync(join(root, 'boot/initrd.img'), join(target, 'initrd.img'))
  for (const name of ['config.txt', 'cmdline.txt']) copyFileSync(join(BOARD, name), join(target, name))
  const firmware = join(root, 'usr/lib/raspi-firmware')
  for (const name of readBoard().firmware) copyFileSync(join(firmware, name), join(target, name))
  for (const file of globSync('overlays/*.dtbo', { cwd: firmware })) copyFileSync(join(firmware, file), join(target, file))
  for (const file of deviceTrees(root, kernel)) copyFileSync(file, join(target, basename(file)))
}

/** Kernels from 7 on keep device trees below their modules, older ones in a folder of their own. */
function deviceTrees(root: string, kernel: string): string[] {
  const folders = [`usr/lib/modules/${kernel}/dtb/broadcom`, `usr/lib/linux-image-${kernel}/broadcom`]
  const patterns = linesOf(readFileSync(join(BOARD, 'device-trees.list'), 'utf8'))
  const found = patterns.map((pattern) =>
    folders.flatMap((folder) => globSync(join(folder, pattern), { cwd: root })).map((file) => join(root, file)),
  )
  patterns.forEach((pattern, index) => {
    if (found[index]?.length === 0) throw new TypeError(`The kernel ${kernel} brings no device tree ${pattern}.`)
  })
  return found.flat()
}

interface FatOptions {
  partition: Partition
  from: string
  file: string
  sourceDateEpochS: number
}

/** A FAT file system with the files of a folder, the same bytes each time. */
export function makeFat({ partition, from, file, sourceDateEpochS }: FatOptions): void {
  if (partition.fat === undefined) throw new TypeError(`${partition.name} holds no FAT file system.`)
  const { bits, label, serial } = partition.fat
  rmSync(file, { force: true })
  writeFileSync(file, '')
  truncateSync(file, partition.sizeMb * MB)
  run('mkfs.vfat', ['-F', String(bits), '-n', label, '-i', serial, '--invariant', '-S', '512', file])
  for (const path of readdirSync(from, { recursive: true }) as string[]) {
    lutimesSync(join(from, path), sourceDateEpochS, sourceDateEpochS)
  }
  const env = { ...process.env, TZ: 'UTC', MTOOLS_SKIP_CHECK: '1', SOURCE_DATE_EPOCH: String(sourceDateEpochS) }
  // One by one in a fixed order: where a file lies is part of the bytes.
  for (const name of readdirSync(from).sort()) run('mcopy', ['-i', file, '-s', '-m', join(from, name), '::'], { env })
}

/** Of the root: not what lies on the boot partition or is mounted over at the start. */
const NOT_IN_ROOT = ['boot/*', 'usr/lib/modules/*/vmlinuz', 'usr/lib/modules/*/dtb', 'usr/lib/raspi-firmware', 'proc/*', 'sys/*', 'dev/*', 'run/*']

function makeSquashfs(root: string, file: string, how: { sourceDateEpochS: number; level: number }): void {
  rmSync(file, { force: true })
  const flags = ['-comp', 'zstd', '-Xcompression-level', String(how.level), '-b', '256k', '-noappend', '-no-progress']
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(how.sourceDateEpochS) }
  run('mksquashfs', [root, file, ...flags, '-wildcards', '-e', ...NOT_IN_ROOT], { env })
  const limitMb = partitionNamed('root_a').sizeMb
  const sizeMb = statSync(file).size / MB
  if (sizeMb > limitMb) throw new RangeError(`The root file system has ${Math.ceil(sizeMb)} MB; there is room for ${limitMb}.`)
}

/** One file as a card has it: the table, and each file system at its place. System B stays empty until the first update. */
function layOut(image: string, contents: Partial<Record<Partition['name'], string>>): void {
  rmSync(image, { force: true })
  writeFileSync(image, '')
  truncateSync(image, IMAGE_MB * MB)
  run('sfdisk', ['--quiet', image], { input: partitionScript(), stdio: ['pipe', 'pipe', 'pipe'] })
  for (const { name } of PARTITIONS) {
    const file = contents[name]
    if (file === undefined) continue
    run('dd', [`if=${file}`, `of=${image}`, 'bs=1M', `seek=${startMbOf(name)}`, 'conv=notrunc,sparse', 'status=none'])
  }
}
