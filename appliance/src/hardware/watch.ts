import { readingsReply } from '../api/hardware.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { supervise } from '../core/supervise.ts'
import type { Notices } from '../health/types.ts'
import { route } from '../http/route.ts'
import type { Counted } from './readings/loads.ts'
import { createMachineNotices } from './readings/notices.ts'
import { readMachine } from './readings/read.ts'
import type { HardwareWatch, MachineReading, Tools } from './types.ts'

export interface HardwareWatchDeps {
  clock: Clock
  log: Log
  notices: Pick<Notices, 'raise' | 'clear'>
  tools: Tools
  /** Where `/sys` and `/proc` are found; `/` when left out. */
  root?: string
}

const PAUSE_MS = 60_000
/** Two hours. */
const KEPT = 120

/** Reads temperatures and loads once a minute: rarely enough to cost nothing, often enough to see a fan fail. */
export function createHardwareWatch({ clock, log, notices, tools, root = '/' }: HardwareWatchDeps): HardwareWatch {
  const readings: MachineReading[] = []
  const judge = createMachineNotices(notices)
  let counted: Counted | null = null

  const loop = supervise({
    name: 'hardware',
    clock,
    log,
    pauseMs: PAUSE_MS,
    async runOnce() {
      const read = await readMachine(root, tools, counted, clock.now())
      counted = read.counted
      readings.push(read.reading)
      if (readings.length > KEPT) readings.shift()
      judge.judge(read.reading)
    },
  })

  return {
    name: loop.name,
    start: () => loop.start(),
    stop: () => loop.stop(),
    readings: () => readings,
    routes: [
      route({
        method: 'GET',
        path: '/api/hardware/readings',
        summary: 'Temperatures and loads of the last two hours, one reading a minute.',
        needs: 'system.view',
        limit: 'general',
        reply: readingsReply,
        run: async () => ({ readings }),
      }),
    ],
  }
}
