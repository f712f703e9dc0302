import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileDurably } from '../../core/disk.ts'

/** On the card before anybody hears of it: a power cut leaves the old file or the new one. Makes its folder. */
export async function writeFileSafely(file: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFileDurably(file, text, mode)
  // Who runs us may take more rights away than was asked for.
  await chmod(file, mode)
}
