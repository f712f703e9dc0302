import { findDecoders } from './decoders.ts'
import { readFacts } from './facts.ts'
import { boardOf, cpuOf, memoryMbOf } from './machine.ts'
import { nameByTools } from './name-by-tools.ts'
import type { MayUse } from './nodes.ts'
import { findAccelerators } from './probes/index.ts'
import { noTools } from './tools.ts'
import type { Hardware, Tools } from './types.ts'

export interface HardwareDeps {
  /** Where `/sys`, `/proc` and `/dev` are found; `/` when left out. */
  root?: string
  /** The makers' programs; none are asked when left out. */
  tools?: Tools
  /** Whether this process may open a node; tests bring their own. */
  mayUse?: MayUse
}

export function createHardware({ root = '/', tools = noTools, mayUse }: HardwareDeps = {}): Hardware {
  return {
    async probe() {
      const facts = await readFacts(root, mayUse)
      return {
        board: boardOf(facts),
        cpu: cpuOf(facts),
        memoryMb: memoryMbOf(facts),
        accelerators: await nameByTools(findAccelerators(facts), tools),
        decoders: findDecoders(facts),
      }
    },
  }
}

export { LAYER_FOLDER, examineLayers, type LayerReport } from './layers/examine.ts'
export { layerTableSchema } from './layers/table.ts'
export { createTools } from './tools.ts'
export { createHardwareWatch, type HardwareWatchDeps } from './watch.ts'
export { readMachine } from './readings/read.ts'
export type {
  Accelerator,
  DecodeBlock,
  Hardware,
  HardwareReport,
  HardwareWatch,
  MachineReading,
  Tools,
} from './types.ts'
