import type { HardwareReport } from '../hardware/index.ts'

/** Providers that are not worth trying on this machine, with the reason in words. Trying them loads drivers that may crash. */
export function providersRuledOut({ accelerators }: HardwareReport): Record<string, string> {
  const isReady = (...kinds: string[]): boolean => accelerators.some(({ kind, ready }) => ready && kinds.includes(kind))
  const ruledOut: Record<string, string> = {}
  if (!isReady('nvidia-gpu')) {
    ruledOut['tensorrt'] = 'No NVIDIA graphics card with a working driver was found.'
    ruledOut['cuda'] = ruledOut['tensorrt']
  }
  if (!isReady('nvidia-gpu', 'intel-gpu', 'amd-gpu')) {
    ruledOut['webgpu'] = 'No graphics card with a working driver was found.'
  }
  return ruledOut
}
