import type { DetectorCandidate, DetectorStatus } from '../../api/system.ts'
import type { Notices } from '../../health/types.ts'

const ID = 'vision.accelerator'

/** Notices when what an accelerator detected is detected by the processor from now on, unless the owner wanted that. */
export function createAcceleratorWatch(notices: Pick<Notices, 'raise' | 'clear'>) {
  let had: string | null = null
  return ({ state, provider, candidates }: DetectorStatus): void => {
    if (state !== 'ready' || provider === null) return
    if (provider !== 'cpu') {
      had = provider
      return notices.clear(ID)
    }
    const lost = candidates.find(({ id }) => id === had)
    if (!lost) return
    if (isChoice(lost)) return notices.clear(ID)
    notices.raise({
      ...{ id: ID, level: 'warning', title: 'The accelerator is lost', link: '/more/hardware' },
      detail: `Detection ran on ${lost.title} and runs on the processor now, more slowly. Lares keeps watching. ${lost.reason}`,
    })
  }
}

/** It works, nobody wants it tried, or its address was taken out: the owner's doing and no loss. */
function isChoice({ kind, state }: DetectorCandidate): boolean {
  return state === 'ready' || state === 'present' || (kind === 'remote' && state === 'absent')
}
