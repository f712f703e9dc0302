import { readLoaderConfig, type LoaderFacts } from './loader-config.ts'

/** What the last run asked of the next one: `reboot "PARTITION tryboot"`, kept in a register that power does not survive. */
export interface BootRequest {
  /** 0: none in particular. */
  partition: number
  tryboot: boolean
}

export const COLD_START: BootRequest = { partition: 0, tryboot: false }

export interface BootChoice {
  /** Number in the partition table of the FAT partition to start from. */
  partition: number
  configFile: 'config.txt' | 'tryboot.txt'
}

const LARGEST_AUTOBOOT_BYTES = 512

/**
 * From which partition the loader of a Pi 4 or 5 starts. `autoboot` is the text of autoboot.txt on the first FAT partition,
 * null where there is none. Throws for a file that the loader would not read.
 */
export function chooseBoot(autoboot: string | null, request: BootRequest, board: LoaderFacts['board']): BootChoice {
  const { tryboot } = request
  if (autoboot === null)
    return { partition: request.partition || 1, configFile: tryboot ? 'tryboot.txt' : 'config.txt' }
  if (Buffer.byteLength(autoboot) > LARGEST_AUTOBOOT_BYTES)
    throw new Error(
      `autoboot.txt has ${Buffer.byteLength(autoboot)} bytes; the loader reads ${LARGEST_AUTOBOOT_BYTES}.`,
    )
  const { values } = readLoaderConfig(autoboot, { board, tryboot })
  const named = values.get('boot_partition') ?? '1'
  if (!/^\d{1,2}$/.test(named)) throw new Error(`autoboot.txt: boot_partition=${named} is no number of a partition.`)
  // With tryboot_a_b the other partition is the trial, without it another file on the same one.
  const isAB = values.get('tryboot_a_b') === '1'
  return {
    partition: request.partition || Number(named),
    configFile: tryboot && !isAB ? 'tryboot.txt' : 'config.txt',
  }
}

/** What the kernel's last words ask of the loader; a reset without words (watchdog, panic) asks for nothing. */
export function requestOf(rebootArgument: string | null): BootRequest {
  const words = (rebootArgument ?? '').split(/\s+/)
  const partition = words.find((word) => /^\d{1,2}$/.test(word))
  return { partition: Number(partition ?? 0), tryboot: words.includes('tryboot') }
}
