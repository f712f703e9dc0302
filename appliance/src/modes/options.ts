import type { ModeOptions } from '../api/modes.ts'
import type { Audit } from '../audit/types.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../db/database.ts'
import type { RequestContext } from '../http/route.ts'
import type { Settings } from '../settings/types.ts'
import * as own from './settings.ts'

export function readOptions(settings: Settings): ModeOptions {
  return {
    exitDelayS: settings.get(own.exitDelayS),
    entryDelayS: settings.get(own.entryDelayS),
    entryCameras: settings.get(own.entryCameras),
    awayWhenEmpty: settings.get(own.awayWhenEmpty),
    homeWhenBack: settings.get(own.homeWhenBack),
    awayAfterMin: settings.get(own.awayAfterMin),
    schedule: settings.get(own.modeSchedule),
  }
}

interface Deps {
  settings: Settings
  database: Database
  clock: Clock
  audit: Pick<Audit, 'record'>
}

/** All together or none. */
export async function changeOptions(
  { settings, database, clock, audit }: Deps,
  { principal: who, address, userAgent }: RequestContext,
  options: ModeOptions,
): Promise<ModeOptions> {
  const otherSchedule = JSON.stringify(settings.get(own.modeSchedule)) !== JSON.stringify(options.schedule)
  await database.transaction(async (trx) => {
    await settings.set(own.exitDelayS, options.exitDelayS, trx)
    await settings.set(own.entryDelayS, options.entryDelayS, trx)
    await settings.set(own.entryCameras, options.entryCameras, trx)
    await settings.set(own.awayWhenEmpty, options.awayWhenEmpty, trx)
    await settings.set(own.homeWhenBack, options.homeWhenBack, trx)
    await settings.set(own.awayAfterMin, options.awayAfterMin, trx)
    await settings.set(own.modeSchedule, options.schedule, trx)
    if (otherSchedule) await settings.set(own.scheduleSince, clock.now(), trx)
    await audit.record(trx, { type: 'mode_options_changed', who, address, userAgent, resource: 'modes' })
  })
  return readOptions(settings)
}
