import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DecodingFacts } from '../media/index.ts'

/** What of the machine decides who may decode, read below `root`; what cannot be read is not there. */
export async function readDecodingFacts(
  root: string,
  readyAccelerators: () => Promise<readonly string[]> = async () => [],
): Promise<DecodingFacts> {
  const list = async (folder: string): Promise<string[]> => (await readdir(join(root, folder)).catch(() => [])).sort()
  const read = async (file: string): Promise<string> => readFile(join(root, file), 'utf8').catch(() => '')
  const [ready, compatible, videos, nodes] = await Promise.all([
    readyAccelerators(),
    read('/proc/device-tree/compatible'),
    list('/sys/class/video4linux'),
    list('/dev/dri'),
  ])
  const names = await Promise.all(videos.map((video) => read(`/sys/class/video4linux/${video}/name`)))
  return {
    ready: new Set(ready),
    compatible: compatible.split('\0').filter(Boolean),
    videoNames: names.map((name) => name.trim()),
    renderNodes: nodes.filter((name) => name.startsWith('renderD')).map((name) => `/dev/dri/${name}`),
  }
}
