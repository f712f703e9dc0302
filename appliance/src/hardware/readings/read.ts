import { join } from 'node:path'
import { readText } from '../read-files.ts'
import type { MachineReading, Tools } from '../types.ts'
import { readLoads, type Counted } from './loads.ts'
import { readNvidia } from './nvidia.ts'
import { readTemperatures } from './thermal.ts'
import { readThrottling } from './throttling.ts'

export interface Read {
  reading: MachineReading
  /** For the next one. */
  counted: Counted
}

/** How warm and how busy the machine below `root` is. What cannot be read is left out; never throws for that. */
export async function readMachine(root: string, tools: Tools, before: Counted | null, atMs: number): Promise<Read> {
  const compatible = await readText(join(root, '/proc/device-tree/compatible'))
  const hasNvidia = (await readText(join(root, '/proc/driver/nvidia/version'))) !== ''
  const [temperatures, { loads, counted }, throttling, nvidia] = await Promise.all([
    readTemperatures(root),
    readLoads(root, before, atMs),
    readThrottling(root, compatible.includes('raspberrypi,'), tools),
    hasNvidia ? readNvidia(tools) : { temperatures: [], loads: [] },
  ])
  const reading = {
    at: atMs,
    temperatures: [...temperatures, ...nvidia.temperatures],
    loads: [...loads, ...nvidia.loads],
    throttling,
  }
  return { reading, counted }
}
