import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { linesOf } from './steps.ts'

const PREFIX = 'lares-image-'
/** Names the process that builds in the folder, and when that process began: numbers of processes come again. */
const BUILDER = 'builder'
/** A folder that names nobody may be one that is being made right now. */
const NAMELESS_MS = 60 * 60_000

/** A new folder for a build, which this process is known to use. */
export function makeWorkFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, PREFIX))
  writeFileSync(join(folder, BUILDER), `${process.pid} ${startOf(process.pid) ?? ''}\n`)
  return folder
}

/**
 * Removes work folders of builds that were killed: what runs synchronously cannot clean up after itself then. One that a process still
 * works in, or in which something is mounted, stays. Returns what it removed.
 */
export function removeDeadWorkFolders(parent: string): string[] {
  const folders = readdirSync(parent)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(parent, name))
  return folders.filter((folder) => {
    if (isBuilt(folder) || isUsed(folder)) return false
    rmSync(folder, { recursive: true, force: true })
    return true
  })
}

function isBuilt(folder: string): boolean {
  const [pid, start] = readOr(join(folder, BUILDER), '').trim().split(' ')
  if (!pid) return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) < NAMELESS_MS
  return startOf(Number(pid)) === start
}

/** In ticks since the machine started; null when there is no such process. */
function startOf(pid: number): string | null {
  const stat = readOr(`/proc/${pid}/stat`, '')
  // The name before it may hold spaces and brackets.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** By a program that outlived the build, or by a mount: removing it would reach into what is mounted. */
function isUsed(folder: string): boolean {
  const isInside = (path: string): boolean => path === folder || path.startsWith(`${folder}/`)
  if (linesOf(readOr('/proc/self/mounts', '')).some((line) => isInside(line.split(' ')[1] ?? ''))) return true
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return processes.some((pid) => ['cwd', 'root'].some((what) => isInside(linkOr(`/proc/${pid}/${what}`))))
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // Ended meanwhile.
    return ''
  }
}
