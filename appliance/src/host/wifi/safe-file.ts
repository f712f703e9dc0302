import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** On the card before anybody hears of it: a power cut leaves the old file or the new one. */
export async function writeFileSafely(file: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const fresh = `${file}.new`
  const handle = await open(fresh, 'w', mode)
  try {
    await handle.chmod(mode)
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
  await settleFile(dirname(file))
}

/** What others wrote into the file or folder is on the card too. */
export async function settleFile(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
