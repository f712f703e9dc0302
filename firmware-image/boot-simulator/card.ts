import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A partition of an image file. Offsets and sizes in bytes. */
export interface Partition {
  number: number
  label: string
  offset: number
  size: number
}

const MTOOLS = { ...process.env, MTOOLS_SKIP_CHECK: '1' }

/** The partition table of an image file; no loop device, no root. */
export function readPartitions(image: string): Partition[] {
  const text = execFileSync('sfdisk', ['-J', image], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return parsePartitions(text)
}

interface SfdiskReport {
  partitiontable: { sectorsize?: number; partitions: { node: string; start: number; size: number; name?: string }[] }
}

/** From what `sfdisk -J` prints. */
export function parsePartitions(sfdiskJson: string): Partition[] {
  const { partitiontable } = JSON.parse(sfdiskJson) as SfdiskReport
  const sectorBytes = partitiontable.sectorsize ?? 512
  return partitiontable.partitions.map(({ node, start, size, name = '' }) => ({
    number: Number(/(\d+)$/.exec(node)?.[1]),
    label: name,
    offset: start * sectorBytes,
    size: size * sectorBytes,
  }))
}

/** Throws when the image has none of that number or label. */
export function partitionOf(image: string, which: number | string): Partition {
  const found = readPartitions(image).find(({ number, label }) => number === which || label === which)
  if (!found) throw new Error(`${image} has no partition ${which}.`)
  return found
}

const at = (image: string, { offset }: Partition): string[] => ['-i', `${image}@@${offset}`]

/** A file of a FAT partition as text; null where it is not there. */
export function readFatFile(image: string, partition: Partition, name: string): string | null {
  try {
    const args = [...at(image, partition), `::/${name}`]
    return execFileSync('mtype', args, { encoding: 'utf8', env: MTOOLS, stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return null
  }
}

/** Copies a file out of a FAT partition. */
export function copyFatFile(image: string, partition: Partition, name: string, target: string): void {
  rmSync(target, { force: true })
  execFileSync('mcopy', ['-n', ...at(image, partition), `::/${name}`, target], { env: MTOOLS })
}

/** Puts a file onto a FAT partition, as somebody with the card in a computer would. */
export function writeFatFile(image: string, partition: Partition, name: string, text: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'lares-fat-'))
  try {
    writeFileSync(join(folder, 'file'), text)
    execFileSync('mcopy', ['-o', ...at(image, partition), join(folder, 'file'), `::/${name}`], { env: MTOOLS })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Names of the files in a folder of a FAT partition. */
export function listFatFiles(image: string, partition: Partition, folder = ''): string[] {
  const args = ['-b', ...at(image, partition), `::/${folder}`]
  const text = execFileSync('mdir', args, { encoding: 'utf8', env: MTOOLS })
  return text.split('\n').flatMap((line) => /^::\/(.+?)\/?$/.exec(line.trim())?.[1] ?? [])
}

/** Copies a whole partition into a file of its own (only what is not zero takes room). */
export function copyPartition(image: string, { offset, size }: Partition, target: string): void {
  const blockBytes = 1024 * 1024
  const blocks = [`skip=${offset / blockBytes}`, `count=${size / blockBytes}`]
  execFileSync('dd', [`if=${image}`, `of=${target}`, `bs=${blockBytes}`, ...blocks, 'conv=sparse', 'status=none'])
}
