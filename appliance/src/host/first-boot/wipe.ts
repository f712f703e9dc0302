import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ground } from './apply.ts'
import { BOOT_FOLDER } from './import.ts'
import { hashesOf, isKnown, readMemory, writeMemory } from './memory.ts'
import { findFiles } from './read-files.ts'
import { withoutWifi } from './without-wifi.ts'

/** Whether a password that works still lies on the card. */
export async function isWipeDue({ root }: Pick<Ground, 'root'>): Promise<boolean> {
  return (await readMemory(root)).wipe
}

/**
 * Takes the Wi-Fi's password off the card. Only from files that are still those that were taken over: somebody may have
 * written new ones meanwhile.
 */
export async function wipePassword({ root, log }: Pick<Ground, 'root' | 'log'>): Promise<void> {
  const folder = join(root, BOOT_FOLDER)
  const memory = await readMemory(root)
  if (!memory.wipe) return
  const files = await findFiles(folder)
  if (!isKnown(memory, files)) {
    await writeMemory(root, { ...memory, wipe: false })
    return
  }
  const cleaned = files.map(({ name, bytes }) => ({ name, bytes: withoutWifi(name, bytes) ?? bytes }))
  // Remembered first: a power cut in between must not make the file look like a new one that asks for no Wi-Fi.
  await writeMemory(root, { files: hashesOf(cleaned), wipe: true })
  for (const { name, bytes } of cleaned) await overwrite(join(folder, name), bytes)
  await writeMemory(root, { files: hashesOf(cleaned), wipe: false })
  log.info('The password of the Wi-Fi was taken off the card')
}

/** In place and of the same length: the same blocks of the card. */
async function overwrite(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.write(bytes, 0, bytes.length, 0)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
