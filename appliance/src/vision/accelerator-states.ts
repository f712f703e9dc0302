import type { Accelerator } from '../api/hardware.ts'
import type { DetectorStatus, Hardware } from '../api/system.ts'
import type { HardwareReport } from '../hardware/index.ts'

/** Which kinds of accelerators a candidate computes on; sidecars carry the kind in their name. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  tensorrt: ['nvidia-gpu'],
  cuda: ['nvidia-gpu'],
  webgpu: ['nvidia-gpu', 'intel-gpu', 'amd-gpu'],
}
const SIDECARS: Readonly<Record<string, readonly string[]>> = {
  hailo: ['hailo'],
  coral: ['coral'],
  rockchip: ['rockchip'],
  rknn: ['rockchip'],
  jetson: ['jetson'],
  tensorrt: ['jetson', 'nvidia-gpu'],
  openvino: ['intel-gpu', 'intel-npu'],
}

function kindsOf(candidateId: string): readonly string[] {
  if (!candidateId.startsWith('sidecar:')) return KINDS[candidateId] ?? []
  const name = candidateId.slice('sidecar:'.length).toLowerCase()
  return Object.entries(SIDECARS).find(([word]) => name.includes(word))?.[1] ?? []
}

/** What came of trying: an accelerator is chosen when one of its ways looks, and failed when all that were tried did. */
export function stateOf(accelerator: Accelerator, { candidates }: Pick<DetectorStatus, 'candidates'>): Accelerator {
  if (!accelerator.ready) return accelerator
  const ways = candidates.filter(({ id }) => kindsOf(id).includes(accelerator.kind))
  if (ways.some(({ state }) => state === 'chosen')) return { ...accelerator, state: 'chosen' }
  const failed = ways.find(({ state }) => state === 'failed')
  if (!failed || ways.some(({ state }) => state === 'ready')) return accelerator
  return { ...accelerator, state: 'failed', fix: failed.reason }
}

export function withDetector(report: HardwareReport, detector: DetectorStatus): Omit<Hardware, 'looking'> {
  return { ...report, accelerators: report.accelerators.map((each) => stateOf(each, detector)), detector }
}
