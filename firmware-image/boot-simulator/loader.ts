// Stands in for the loader in a Raspberry Pi's EEPROM: finds out from the card what to start, and hands it to the emulator.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { chooseBoot, type BootRequest } from './boot-choice.ts'
import { copyFatFile, partitionOf, readFatFile } from './card.ts'
import { readLoaderConfig, type LoaderFacts } from './loader-config.ts'

export interface LoadedBoot {
  partition: number
  tryboot: boolean
  /** Files outside the card, ready for the emulator. */
  kernel: string
  initramfs: string | null
  deviceTree: string
  commandLine: string
}

export interface LoaderOptions {
  card: string
  request: BootRequest
  board: LoaderFacts['board']
  /** Where kernel, initramfs and device tree are put. */
  folder: string
  /** The emulator's program and its machine arguments: the device tree is asked of it. */
  emulator: string
  machine: readonly string[]
}

const DEFAULT_KERNEL = { pi4: 'kernel8.img', pi5: 'kernel_2712.img' } as const

/** Throws, with what a person would see on the loader's screen, when the card cannot be started from. */
export function load({ card, request, board, folder, emulator, machine }: LoaderOptions): LoadedBoot {
  const first = partitionOf(card, 1)
  const choice = chooseBoot(readFatFile(card, first, 'autoboot.txt'), request, board)
  const partition = partitionOf(card, choice.partition)
  const text = readFatFile(card, partition, choice.configFile)
  if (text === null) throw new Error(`Partition ${choice.partition} has no ${choice.configFile}: nothing to start.`)
  const { values, initramfs } = readLoaderConfig(text, { board, tryboot: request.tryboot })
  const prefix = values.get('os_prefix') ?? ''
  const take = (name: string, target: string): string => {
    copyFatFile(card, partition, prefix + name, join(folder, target))
    return join(folder, target)
  }
  const commandLine = readFatFile(card, partition, prefix + (values.get('cmdline') ?? 'cmdline.txt'))
  return {
    partition: choice.partition,
    tryboot: request.tryboot,
    kernel: take(values.get('kernel') ?? DEFAULT_KERNEL[board], 'kernel'),
    initramfs: initramfs === null ? null : take(initramfs, 'initramfs'),
    deviceTree: makeDeviceTree(join(folder, 'virt.dtb'), { emulator, machine, partition: choice.partition, request }),
    commandLine: (commandLine ?? '').trim().replace(/\s*\n\s*/g, ' '),
  }
}

interface DeviceTreeInput {
  emulator: string
  machine: readonly string[]
  partition: number
  request: BootRequest
}

/** The emulated machine's own tree, with what a Pi's loader writes into `/chosen/bootloader`. */
function makeDeviceTree(file: string, { emulator, machine, partition, request }: DeviceTreeInput): string {
  const quiet = { stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'] }
  execFileSync(emulator, [...machine, '-nodefaults', '-machine', `dumpdtb=${file}`, '-display', 'none'], quiet)
  execFileSync('fdtput', ['-c', '-p', file, '/chosen/bootloader'], quiet)
  const facts = { partition, tryboot: Number(request.tryboot) }
  for (const [name, value] of Object.entries(facts))
    execFileSync('fdtput', ['-t', 'i', file, '/chosen/bootloader', name, String(value)], quiet)
  return file
}
