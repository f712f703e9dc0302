import { statfs } from 'node:fs/promises'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Part } from '../core/part.ts'
import { supervise } from '../core/supervise.ts'

/** Below this no new clips are kept. */
export const LOW_BYTES = 500 * 1024 * 1024
/** Only above this clips are kept again, so that the box does not waver. */
export const ENOUGH_BYTES = 700 * 1024 * 1024
const LOOK_EVERY_MS = 10_000
const NOTICE_ID = 'media.disk-low'

export interface DiskSpaceDeps {
  folder: string
  clock: Clock
  log: Log
  notices: NoticeBoard
  /** Free bytes of the disk under a path; the system's own unless a test says otherwise. */
  freeBytesOf?: (path: string) => Promise<number>
}

export interface DiskSpace extends Part {
  /** Measured now. */
  freeBytes(): Promise<number>
  /** As of the last look, at most 10 s ago. */
  isLow(): boolean
}

async function systemFreeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

/** Watches the disk under the media folder and tells the owner when it runs out. */
export function createDiskSpace(deps: DiskSpaceDeps): DiskSpace {
  const freeBytesOf = deps.freeBytesOf ?? systemFreeBytes
  let low = false

  function judge(free: number): void {
    if (low ? free >= ENOUGH_BYTES : free >= LOW_BYTES) {
      if (low) deps.log.info({ freeMb: toMb(free) }, 'There is room on the disk again')
      low = false
      return deps.notices.clear(NOTICE_ID)
    }
    if (!low) deps.log.warn({ freeMb: toMb(free) }, 'The disk is nearly full: no new clips')
    low = true
    deps.notices.raise({
      id: NOTICE_ID,
      level: 'problem',
      title: 'The disk is nearly full',
      detail: `Only ${toMb(free)} MB are free, so no new clips are kept and the oldest ones are removed. Alerts and pictures go on.`,
      link: '/more/health',
    })
  }

  const freeBytes = async (): Promise<number> => {
    const free = await freeBytesOf(deps.folder)
    judge(free)
    return free
  }

  const loop = supervise({
    name: 'disk space',
    clock: deps.clock,
    log: deps.log,
    pauseMs: LOOK_EVERY_MS,
    runOnce: async () => void (await freeBytes()),
  })
  return { ...loop, name: 'disk space', freeBytes, isLow: () => low }
}

function toMb(bytes: number): number {
  return Math.floor(bytes / (1024 * 1024))
}
