import type { MachineFacts } from '../facts.ts'
import type { Accelerator } from '../types.ts'
import { coral } from './coral.ts'
import { hailo } from './hailo.ts'
import { amdGpu, amdNpu, intelGpu, intelNpu } from './intel-and-amd.ts'
import { jetson, nvidiaGpu } from './nvidia.ts'
import { memryx, rockchip } from './others.ts'
import type { Probe } from './probe.ts'

/** The table. A further accelerator is its probe and its place here. */
const PROBES: readonly Probe[] = [nvidiaGpu, jetson, hailo, coral, intelGpu, intelNpu, amdGpu, amdNpu, rockchip, memryx]

export function findAccelerators(facts: MachineFacts): Accelerator[] {
  return PROBES.flatMap(({ kind, find }) =>
    find(facts).map((each): Accelerator => ({ kind, present: true, state: each.ready ? 'ready' : 'present', ...each })),
  )
}
