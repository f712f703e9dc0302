import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface UsbDevice {
  device: string
  name: string
}

/** Nodes of the kernel that are decoders, encoders and picture processors, not cameras. */
const NO_CAMERAS = /codec|rpivid|hevc-dec|isp|unicam|pispbe|rkvdec|rkisp|hantro|decoder|encoder|m2m/i

/**
 * Cameras at the box, read below `root`. A USB camera has several nodes, of which the one with index 0 sends pictures;
 * the others tell about them. What cannot be read is left out.
 */
export async function listUsbCameras(root: string): Promise<UsbDevice[]> {
  const folder = join(root, '/sys/class/video4linux')
  const nodes = (await readdir(folder).catch(() => [])).filter((name) => /^video\d+$/.test(name))
  const read = async (node: string, file: string): Promise<string> =>
    (await readFile(join(folder, node, file), 'utf8').catch(() => '')).trim()
  const found = await Promise.all(
    nodes.map(async (node) => ({ node, name: await read(node, 'name'), index: await read(node, 'index') })),
  )
  return found
    .filter(({ name, index }) => (index === '' || index === '0') && !NO_CAMERAS.test(name))
    .map(({ node, name }) => ({ device: `/dev/${node}`, name: name || node }))
    .sort((a, b) => a.device.localeCompare(b.device, 'en', { numeric: true }))
}
