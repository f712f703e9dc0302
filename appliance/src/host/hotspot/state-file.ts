import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../json-file.ts'
import { writeFileSafely } from '../wifi/index.ts'
import { PHASES } from './types.ts'

/** Read by the console. The group may read it: that is the product's user, and nobody else. */
const FILE = 'run/lares-hotspot/state.json'

export const HotspotState = z.strictObject({ phase: z.enum(PHASES), ssid: z.string(), password: z.string() })
export type HotspotState = z.infer<typeof HotspotState>

export function writeHotspotState(root: string, state: HotspotState): Promise<void> {
  return writeFileSafely(join(root, FILE), `${JSON.stringify(state)}\n`, 0o640)
}

/** null where no watch runs: there is no radio, or the network came long ago. */
export async function readHotspotState(root = '/'): Promise<HotspotState | null> {
  return readJsonFile(HotspotState, join(root, FILE))
}
