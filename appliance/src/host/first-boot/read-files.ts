import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCodeOf } from '../../core/errors.ts'
import { readNetworkConfig, readUserData } from './cloud-init.ts'
import { FileProblem } from './file-problem.ts'
import { readImagerToml, readLaresToml } from './lares-toml.ts'
import type { Wishes } from './wishes.ts'

export interface FoundFile {
  readonly name: string
  readonly bytes: Buffer
}

/** What is wrong with which file. */
export interface Problem {
  readonly file: string
  /** From 1; null: of the file as a whole. */
  readonly line: number | null
  readonly words: string
}

const READERS: Readonly<Record<string, (text: string) => Wishes>> = {
  'lares.toml': readLaresToml,
  'custom.toml': readImagerToml,
  'network-config': readNetworkConfig,
  'user-data': readUserData,
}

/** The first of these that is there is believed, and the others are not looked at. */
const SOURCES: readonly (readonly string[])[] = [['lares.toml'], ['custom.toml'], ['network-config', 'user-data']]

const MOST_BYTES = 65_536

/** The files that count, as they lie on the card. */
export async function findFiles(bootFolder: string): Promise<FoundFile[]> {
  for (const names of SOURCES) {
    const found: FoundFile[] = []
    for (const name of names) {
      const bytes = await readIfThere(join(bootFolder, name))
      if (bytes) found.push({ name, bytes })
    }
    if (found.length > 0) return found
  }
  return []
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** What the files ask for together; with any problem nothing. */
export function readFiles(files: readonly FoundFile[]): { wishes: Wishes; problems: Problem[] } {
  const problems: Problem[] = []
  let wishes: Wishes = { keepPassword: false }
  for (const { name, bytes } of files) {
    try {
      const read = READERS[name]?.(textOf(bytes))
      wishes = { ...wishes, ...read }
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error
      problems.push({ file: name, line: error.line, words: error.message })
    }
  }
  return { wishes: problems.length > 0 ? { keepPassword: false } : wishes, problems }
}

/** Editors on Windows like UTF-16; everything else is UTF-8 or refused. */
export function textOf(bytes: Buffer): string {
  if (bytes.length > MOST_BYTES) throw new FileProblem(null, 'The file is too large.')
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FileProblem(null, 'The file is saved in an encoding that cannot be read. Please save it as UTF-8.')
  }
}

export const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
