/** The card: what lies where. Numbers, sizes and names are a promise to every update that will ever be installed. */
export const MB = 1024 * 1024
const SECTOR = 512
/** Before the first and after the last partition: room for both partition tables, on the erase blocks of a card. */
const EDGE_MB = 4

const MICROSOFT_BASIC_DATA = 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7'
const LINUX = '0FC63DAF-8483-4772-8E79-3D69D8477DE4'
/** A type of our own, so that growing meets the data partition and nothing else (overlay/usr/lib/repart.d). */
const LARES_DATA = '7B1C1E5A-6D0E-4F5D-9A70-6C6172657364'

export interface Partition {
  readonly number: number
  readonly name: 'bootcfg' | 'boot_a' | 'boot_b' | 'root_a' | 'root_b' | 'data'
  readonly sizeMb: number
  readonly type: string
  /** FAT volume label and serial number, where it is one. */
  readonly fat?: { readonly bits: 16 | 32; readonly label: string; readonly serial: string }
}

export const PARTITIONS: readonly Partition[] = [
  { number: 1, name: 'bootcfg', sizeMb: 16, type: MICROSOFT_BASIC_DATA, fat: { bits: 16, label: 'BOOTCFG', serial: '1a7e5c01' } },
  { number: 2, name: 'boot_a', sizeMb: 192, type: MICROSOFT_BASIC_DATA, fat: { bits: 32, label: 'LARES-BOOT', serial: '1a7e5c02' } },
  { number: 3, name: 'boot_b', sizeMb: 192, type: MICROSOFT_BASIC_DATA },
  { number: 4, name: 'root_a', sizeMb: 640, type: LINUX },
  { number: 5, name: 'root_b', sizeMb: 640, type: LINUX },
  { number: 6, name: 'data', sizeMb: 16, type: LARES_DATA },
]

export function partitionNamed(name: Partition['name']): Partition {
  const found = PARTITIONS.find((partition) => partition.name === name)
  if (found === undefined) throw new TypeError(`There is no partition ${name}.`)
  return found
}

/** Where a partition starts on the card, in MB. */
export function startMbOf(name: Partition['name']): number {
  const before = PARTITIONS.slice(0, PARTITIONS.indexOf(partitionNamed(name)))
  return before.reduce((sum, { sizeMb }) => sum + sizeMb, EDGE_MB)
}

/** Of the image as it is written to a card; the data partition grows over what is left there. */
export const IMAGE_MB = PARTITIONS.reduce((sum, { sizeMb }) => sum + sizeMb, 2 * EDGE_MB)

/** 4c617265 is "Lare": fixed, so that two builds are the same to the last byte. */
const uuidOf = (number: number): string => `4C617265-000${number}-4000-8000-000000000000`

/** The partition table in sfdisk's words. */
export function partitionScript(): string {
  const lines = PARTITIONS.map(({ number, name, sizeMb, type }) => {
    const start = (startMbOf(name) * MB) / SECTOR
    const size = (sizeMb * MB) / SECTOR
    // The loader of older boards looks for this attribute on the partition it starts from.
    const attributes = number === 1 ? ', attrs=LegacyBIOSBootable' : ''
    return `start=${start}, size=${size}, type=${type}, name=${name}, uuid=${uuidOf(number)}${attributes}`
  })
  return ['label: gpt', `label-id: ${uuidOf(0)}`, 'first-lba: 2048', ...lines, ''].join('\n')
}

/** What the loader of the Raspberry Pi reads first: system A, and B when it is to be tried once. */
export const AUTOBOOT = '[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n'
