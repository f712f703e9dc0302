import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'

/** Text of a file of `/sys` or `/proc`; empty when it is missing or may not be read. Never throws. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return ''
  }
}

/** First line, without what surrounds it. */
export async function readLine(path: string): Promise<string> {
  return (await readText(path)).replaceAll('\0', '').trim().split('\n', 1)[0] ?? ''
}

/** null when there is no number in it. */
export async function readNumber(path: string): Promise<number | null> {
  const text = await readLine(path)
  const value = Number(text)
  return text !== '' && Number.isFinite(value) ? value : null
}

/** Names in a folder, sorted; none when it is missing. */
export async function listNames(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort()
  } catch {
    return []
  }
}

/** Last part of where a link leads, or null. */
export async function readLinkName(path: string): Promise<string | null> {
  try {
    return basename(await readlink(path))
  } catch {
    return null
  }
}
