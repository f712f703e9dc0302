import { readFacts } from './facts.ts'
import { boardOf, cpuOf, memoryMbOf } from './machine.ts'
import { findAccelerators } from './probes.ts'
import type { Hardware } from './types.ts'

export interface HardwareDeps {
  /** Where `/sys`, `/proc` and `/dev` are found; `/` when left out. */
  root?: string
}

export function createHardware({ root = '/' }: HardwareDeps = {}): Hardware {
  return {
    async probe() {
      const facts = await readFacts(root)
      return {
        board: boardOf(facts),
        cpu: cpuOf(facts),
        memoryMb: memoryMbOf(facts),
        accelerators: findAccelerators(facts),
      }
    },
  }
}

export type { Accelerator, Hardware, HardwareReport } from './types.ts'
