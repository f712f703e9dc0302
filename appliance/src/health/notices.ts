import type { Notice } from '../api/system.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Events } from '../events.ts'
import type { Notices } from './types.ts'

const RANK: Readonly<Record<Notice['level'], number>> = { problem: 0, warning: 1, info: 2 }

const sameWords = (a: Omit<Notice, 'since'>, b: Omit<Notice, 'since'>): boolean =>
  a.level === b.level && a.title === b.title && a.detail === b.detail && a.link === b.link

/** What the owner should know, in memory: whoever raised a notice raises it again after a restart if it still holds. */
export function createNotices({ bus, clock }: { bus: Bus<Events>; clock: Clock }): Notices {
  const raised = new Map<string, Notice>()

  const list = (): Notice[] =>
    [...raised.values()].sort((a, b) => RANK[a.level] - RANK[b.level] || b.since - a.since || a.id.localeCompare(b.id))
  const announce = (): void => bus.emit('notices.changed', { notices: list() })

  return {
    list,
    raise(notice) {
      const before = raised.get(notice.id)
      if (before && sameWords(before, notice)) return
      // It may say more now, but it began when it began.
      raised.set(notice.id, { ...notice, since: before?.since ?? clock.now() })
      announce()
    },
    clear(id) {
      if (raised.delete(id)) announce()
    },
  }
}
