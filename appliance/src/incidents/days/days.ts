import type { Day, Heat, HeatQuery } from '../../api/review.ts'
import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/index.ts'
import { dateOf, dayKey, dayLater, homeTimeOf, startOfDay } from '../../core/home-time.ts'
import { countIncidents, findIncidents } from '../search/search.ts'
import type { VisibleCameras } from '../types.ts'
import { listUnusual } from './days-store.ts'
import { summariseDay } from './summary.ts'

export interface DaysDeps {
  database: Pick<Database, 'reader'>
  clock: Clock
  timeZone(): string
}

/** Days and weeks in numbers. */
export interface Days {
  /** `day`: 2026-11-28 by the home's calendar; today when left out. */
  day(day: string | undefined, visible: VisibleCameras): Promise<Day>
  heat(query: HeatQuery, visible: VisibleCameras): Promise<Heat>
}

const MOST_OF_A_DAY = 2_000
const WEEK_MS = 7 * 86_400_000

export function createDays({ database, clock, timeZone }: DaysDeps): Days {
  const { reader } = database
  return {
    async day(asked, visible) {
      const zone = timeZone()
      const day = asked ?? dayKey(homeTimeOf(clock.now(), zone))
      const date = dateOf(day)
      const [from, until] = [startOfDay(date, zone), startOfDay(dayLater(date, 1), zone)]
      const piece = { before: null, limit: MOST_OF_A_DAY }
      const found = await findIncidents(reader, { from, until }, visible, piece)
      const unusual = await listUnusual(
        reader,
        found.map(({ id }) => id),
      )
      const visits = found.map((it) => ({
        ...{ id: it.id, openedAt: it.openedAt, camera: it.camera, riskScore: it.riskScore, feedback: it.feedback },
        classes: [...it.classes].map(([name, { bestScore }]) => ({ class: name, bestScore })),
        ...{ reviewed: it.reviewedAt !== null, unusual: unusual.has(it.id) },
      }))
      return { day, from, until, ...summariseDay(visits) }
    },
    async heat({ camera, class: kind, weeks }, visible) {
      const until = clock.now()
      const from = until - weeks * WEEK_MS
      const filter = { ...(camera !== undefined && { camera: [camera] }), ...(kind !== undefined && { class: [kind] }) }
      const quarters = await countIncidents(reader, filter, visible, { from, until })
      return { from, until, ...heatOf(quarters, timeZone()) }
    },
  }
}

/** Quarters of an hour, because no zone differs from UTC by less. Pure. */
export function heatOf(
  quarters: readonly { at: number; count: number }[],
  zone: string,
): Pick<Heat, 'total' | 'most' | 'cells'> {
  const cells = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0))
  for (const { at, count } of quarters) {
    const { weekday, hour } = homeTimeOf(at, zone)
    const row = cells[weekday]
    if (row) row[hour] = (row[hour] ?? 0) + count
  }
  const all = cells.flat()
  return { total: all.reduce((sum, each) => sum + each, 0), most: Math.max(...all), cells }
}
