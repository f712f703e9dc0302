import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Sockets of sidecars that the system runs: the units of `firmware-image/accelerators/` lay theirs here. */
export const SYSTEM_SIDECARS = '/run/lares/sidecars'

const WRITABLE_BY_ALL = 0o002

/** Where a sidecar's socket lies, or why there is none that may be used. */
export type FoundSocket = { path: string } | { absent: true } | { problem: string }

/** Looks in each folder. Only sockets that nobody else could have put there are used: pictures of the house go in. */
export async function findSocket(folders: readonly string[], name: string): Promise<FoundSocket> {
  for (const folder of folders) {
    const path = join(folder, `${name}.sock`)
    const info = await lstat(path).catch(() => null)
    if (!info) continue
    if (!info.isSocket()) return { problem: `${path} is no socket.` }
    const home = await lstat(dirname(path))
    if (!isOurs(info.uid) || !isOurs(home.uid)) return { problem: `${path} belongs to somebody else.` }
    if ((home.mode & WRITABLE_BY_ALL) !== 0 || (info.mode & WRITABLE_BY_ALL) !== 0)
      return { problem: `Everybody on this machine could replace or use ${path}: take their right to write away.` }
    return { path }
  }
  return { absent: true }
}

/** Ours or the administrator's. */
function isOurs(uid: number): boolean {
  return uid === 0 || uid === process.getuid?.()
}
