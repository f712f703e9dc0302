import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../json-file.ts'
import { writeFileSafely } from '../wifi/index.ts'
import { hashOf, type FoundFile } from './read-files.ts'

const FILE = 'data/os/first-boot.json'

const Memory = z.strictObject({
  /** Name of each file that was taken over → SHA-256 of it. */
  files: z.record(z.string(), z.string()),
  /** The password is taken away from the card once the Wi-Fi works. */
  wipe: z.boolean(),
})
export type Memory = z.infer<typeof Memory>

const NOTHING: Memory = { files: {}, wipe: false }

export async function readMemory(root: string): Promise<Memory> {
  // Damaged is as good as none: then the files are taken over once more.
  return (await readJsonFile(Memory, join(root, FILE))) ?? NOTHING
}

export function writeMemory(root: string, memory: Memory): Promise<void> {
  return writeFileSafely(join(root, FILE), `${JSON.stringify(memory)}\n`)
}

export const hashesOf = (files: readonly FoundFile[]): Memory['files'] =>
  Object.fromEntries(files.map(({ name, bytes }) => [name, hashOf(bytes)]))

/** Whether exactly these files were taken over before. */
export function isKnown(memory: Memory, files: readonly FoundFile[]): boolean {
  const hashes = Object.entries(hashesOf(files))
  return hashes.length > 0 && hashes.every(([name, hash]) => memory.files[name] === hash)
}
