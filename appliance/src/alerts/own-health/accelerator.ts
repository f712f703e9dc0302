import type { DetectorStatus } from '../../api/system.ts'
import type { Notices } from '../../health/types.ts'

const ID = 'vision.accelerator'

/** Notices when what was detected with an accelerator is detected by the processor from now on. */
export function createAcceleratorWatch(notices: Pick<Notices, 'raise' | 'clear'>) {
  let had: string | null = null
  return ({ state, provider }: DetectorStatus): void => {
    if (state !== 'ready' || provider === null) return
    if (provider !== 'cpu') {
      had = provider
      return notices.clear(ID)
    }
    if (had === null) return
    notices.raise({
      ...{ id: ID, level: 'warning', title: 'The accelerator is lost', link: '/more/hardware' },
      detail: `Detection ran on ${had.toUpperCase()} and runs on the processor now, more slowly. Lares keeps watching.`,
    })
  }
}
