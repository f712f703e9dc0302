import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listNames, readLine, readText } from '../read-files.ts'
import type { LayerPart, VersionRead } from './table.ts'

/** Where shared libraries lie, in the order in which the loader of a box would most likely find them. */
const LIBRARY_FOLDERS = [
  '/usr/local/lib',
  '/usr/lib',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu/nvidia',
]
/** The runtime with the version in its text has 8 MB; a file far beyond that is something else. */
const MAX_FILE_BYTES = 64 * 1024 * 1024
const VERSION = /^(?:\d+:)?(\d+(?:\.\d+)+)/

/** The installed version of a part below `root`, or null. Never throws. */
export async function readVersion(root: string, accelerator: string, part: LayerPart): Promise<string | null> {
  for (const read of part.reads) {
    const version = await readOne(root, accelerator, read)
    if (version !== null) return version
  }
  return null
}

async function readOne(root: string, accelerator: string, read: VersionRead): Promise<string | null> {
  if ('module' in read) return clean(await readLine(join(root, '/sys/module', read.module, 'version')))
  if ('package' in read) return clean(await packageVersion(root, read.package))
  if ('library' in read) return libraryVersion(root, read.library)
  if ('python' in read) return pythonVersion(root, accelerator, read.python)
  return textVersion(join(root, read.file), read.pattern)
}

const clean = (text: string): string | null => VERSION.exec(text)?.[1] ?? null

async function packageVersion(root: string, name: string): Promise<string> {
  const status = await readText(join(root, '/var/lib/dpkg/status'))
  const entry = status.split('\n\n').find((each) => each.startsWith(`Package: ${name}\n`))
  if (!entry || !/^Status: \w+ ok installed$/m.test(entry)) return ''
  return /^Version: (.+)$/m.exec(entry)?.[1] ?? ''
}

async function libraryVersion(root: string, name: string): Promise<string | null> {
  for (const folder of LIBRARY_FOLDERS) {
    const names = (await listNames(join(root, folder))).filter((each) => each.startsWith(`${name}.`))
    // libx.so.4 is a link to libx.so.4.23.0: the longest name says most.
    const longest = names.map((each) => each.slice(name.length + 1)).sort((a, b) => b.length - a.length)[0]
    if (longest !== undefined && /^\d+(\.\d+)+$/.test(longest)) return longest
  }
  return null
}

async function pythonVersion(root: string, accelerator: string, name: string): Promise<string | null> {
  const wanted = name.toLowerCase().replaceAll('-', '_')
  for (const folder of await pythonFolders(root, accelerator)) {
    for (const entry of await listNames(folder)) {
      const [, found = '', version = ''] = /^(.+?)-(\d[^-]*)(?:-[^/]*)?\.(?:dist|egg)-info$/.exec(entry) ?? []
      if (found.toLowerCase().replaceAll('-', '_') === wanted) return clean(version)
    }
  }
  return null
}

/** The environment that the layer's unit looks into first, then those of the system. */
async function pythonFolders(root: string, accelerator: string): Promise<string[]> {
  const homes = [
    [`/opt/lares-accelerators/${accelerator}/lib`, 'site-packages'],
    ['/usr/local/lib', 'dist-packages'],
    ['/usr/lib', 'dist-packages'],
  ] as const
  const found = await Promise.all(
    homes.map(async ([home, packages]) => {
      const names = (await listNames(join(root, home))).filter((each) => /^python3(\.\d+)?$/.test(each))
      return names.map((each) => join(root, home, each, packages))
    }),
  )
  return found.flat()
}

async function textVersion(path: string, pattern: string): Promise<string | null> {
  const info = await stat(path).catch(() => null)
  if (!info?.isFile() || info.size > MAX_FILE_BYTES) return null
  // A library is no text: one byte a character, so that the pattern finds what is written in it.
  const text = await readFile(path, 'latin1').catch(() => '')
  const groups = new RegExp(pattern).exec(text)?.slice(1).filter(Boolean) ?? []
  return groups.length > 0 ? clean(groups.join('.')) : null
}
