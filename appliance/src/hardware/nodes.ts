import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from './read-files.ts'

/** Something in `/dev`, `/proc` or `/sys` that a driver makes. */
export interface DeviceNode {
  path: string
  /** Whether this process may read and write it. */
  mayUse: boolean
  /** The group it belongs to, by name, or by number when the machine has no name for it. */
  group: string
}

/** Whether this process may open a file for reading and writing. Tests bring their own: an administrator may everything. */
export type MayUse = (path: string) => Promise<boolean>

/** Every node that a probe may ask for by a fixed name; they are read together, so that the probes stay pure. */
const FIXED_NODES = [
  '/dev/nvidia0',
  '/dev/nvhost-gpu',
  '/dev/nvgpu/igpu0',
  '/dev/nvmap',
  '/dev/nvhost-nvdec',
  '/dev/v4l2-nvdec',
  '/dev/hailo0',
  '/dev/h1x-0',
  '/dev/apex_0',
  '/dev/kfd',
  '/dev/memx0',
  '/dev/mpp_service',
  '/sys/kernel/debug/rknpu/version',
  '/.dockerenv',
  '/run/.containerenv',
] as const

const canOpen: MayUse = (path) =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )

/** Those of the fixed and of the `further` nodes that exist, by path. */
export async function readNodes(
  root: string,
  further: readonly string[],
  mayUse: MayUse = canOpen,
): Promise<Map<string, DeviceNode>> {
  const groups = readGroups(await readText(join(root, '/etc/group')))
  const found = new Map<string, DeviceNode>()
  await Promise.all(
    [...FIXED_NODES, ...further].map(async (path) => {
      const info = await stat(join(root, path)).catch(() => null)
      if (!info) return
      const group = groups.get(info.gid) ?? String(info.gid)
      found.set(path, { path, group, mayUse: await mayUse(join(root, path)) })
    }),
  )
  return found
}

function readGroups(text: string): Map<number, string> {
  const rows = text.split('\n').map((line) => line.split(':'))
  return new Map(rows.filter((row) => row.length >= 3).map(([name = '', , id = '']) => [Number(id), name]))
}
