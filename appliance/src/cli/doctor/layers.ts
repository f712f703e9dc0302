import { examineLayers, type LayerReport } from '../../hardware/index.ts'
import { fact, good, problem, warning, type Examine, type Finding } from './finding.ts'

/** Whether driver, library and firmware of each installed accelerator layer belong together. */
export const examineAcceleratorLayers: Examine = async () => {
  const reports = await examineLayers()
  if (reports.length === 0) return [fact('Layers', 'None installed; only accelerators with a sidecar need one.')]
  return reports.map(findingOf)
}

export function findingOf({ title, state, words, fix }: LayerReport): Finding {
  if (state === 'mismatch') return problem(title, words, fix)
  if (state === 'missing' || state === 'broken') return warning(title, words, fix)
  return state === 'pinned' ? good(title, words) : fact(title, words)
}
