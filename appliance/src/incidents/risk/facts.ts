import type { ObjectClass } from '../../api/common.ts'
import type { Database, Trx } from '../../db/index.ts'
import type { Settings } from '../../settings/index.ts'
import { homeTimeZone } from '../../settings/index.ts'
import { longestStayMs, type OpenIncident } from '../open-incident.ts'
import { gravestZone, zonesOf } from '../zones-entered.ts'
import { countEarlierVisits, plugsOf, savePlugs } from './assessment-store.ts'
import { usualnessOf } from './baseline.ts'
import { slotsOf, watchedSince, WHOLE_CAMERA } from './baseline-store.ts'
import { fitting, type Expectations } from './expectations.ts'
import { homeTimeOf, isBetween, minuteOf, type HomeTime } from '../../core/home-time.ts'
import { plugNews, switchedNames } from './plug-watch.ts'
import { nightFrom, nightTo } from './settings.ts'
import type { HouseContext, SceneFacts, Usualness } from './types.ts'
import { WEIGHTS } from './weights.ts'

const REPEATED_WITHIN_MS = 30 * 60_000

export interface FactsDeps {
  database: Database
  settings: Settings
  house: HouseContext
  expectations: Pick<Expectations, 'list'>
}

/** Gathers what the rules look at, in the incident's own transaction. */
export interface Facts {
  gather(trx: Trx, incident: OpenIncident, at: number): Promise<SceneFacts>
  /** Of an incident that is over. */
  forget(incidentId: string): void
}

/** What does not change while an incident lasts, and what the plugs were. */
interface Memory {
  subject: ObjectClass
  /** Id of the gravest zone so far, or ''. */
  zone: string
  usualness: Usualness
  earlierVisits: number
  plugs: ReadonlyMap<string, boolean> | null
  switched: readonly string[]
}

/** The class that says most about a scene. */
export function gravestClass(classes: Iterable<ObjectClass>): ObjectClass | null {
  return [...classes].sort((a, b) => WEIGHTS.seen[b] - WEIGHTS.seen[a])[0] ?? null
}

/** What decides what is remembered. */
type Now = Pick<Memory, 'subject' | 'zone'> & { time: HomeTime }

/** In the zone, once enough was seen there; else on the camera as a whole. */
async function usualnessAt(
  trx: Trx,
  { cameraId, subject, zone }: { cameraId: string; subject: ObjectClass; zone: string },
  watch: Parameters<typeof usualnessOf>[1],
): Promise<Usualness> {
  const inZone = zone === WHOLE_CAMERA ? null : usualnessOf(await slotsOf(trx, cameraId, subject, zone), watch)
  if (inZone && inZone.state !== 'learning') return inZone
  return usualnessOf(await slotsOf(trx, cameraId, subject, WHOLE_CAMERA), watch)
}

export function createFacts({ database, settings, house, expectations }: FactsDeps): Facts {
  const memories = new Map<string, Memory>()

  async function remember(trx: Trx, incident: OpenIncident, { subject, zone, time }: Now): Promise<Memory> {
    const { id, camera, openedAt, visit } = incident
    const known = memories.get(id)
    if (known?.subject === subject && known.zone === zone) return known
    const rows = known ? [] : await plugsOf(trx, id)
    const since = await watchedSince(trx, camera.id)
    const earlier = { fromMs: openedAt - REPEATED_WITHIN_MS, toMs: openedAt, exceptId: visit.id }
    const made: Memory = {
      ...{ subject, zone },
      usualness: await usualnessAt(trx, { cameraId: camera.id, subject, zone }, { since, now: openedAt, ...time }),
      earlierVisits: await countEarlierVisits(trx, { cameraId: camera.id, class: subject, ...earlier }),
      plugs: known?.plugs ?? (rows.length === 0 ? null : new Map(rows.map(({ plugId, on }) => [plugId, on]))),
      switched: known?.switched ?? switchedNames(rows),
    }
    memories.set(id, made)
    return made
  }

  async function watchPlugs(trx: Trx, incident: OpenIncident, memory: Memory, at: number): Promise<readonly string[]> {
    const { rows, now } = plugNews(memory.plugs, house.plugs(), at)
    await savePlugs(trx, incident.id, rows)
    const fresh = memory.plugs === null ? [] : rows.map(({ name }) => name)
    const switched = [...new Set([...memory.switched, ...fresh])]
    // What is rolled back was not seen: the next write tells of it.
    database.afterCommit(trx, () => {
      if (memories.has(incident.id)) memories.set(incident.id, { ...memory, plugs: now, switched })
    })
    return switched
  }

  return {
    forget: (incidentId) => void memories.delete(incidentId),
    async gather(trx, incident, at) {
      const time = homeTimeOf(incident.openedAt, settings.get(homeTimeZone))
      const names = [...incident.classes.keys()]
      const subject = gravestClass(names) ?? 'person'
      const zones = zonesOf(incident)
      const zone = gravestZone(zones)?.id ?? WHOLE_CAMERA
      const memory = await remember(trx, incident, { subject, zone, time })
      const about = { cameraId: incident.camera.id, class: subject, zone: zone === WHOLE_CAMERA ? null : zone }
      const asked = { ...about, hour: time.hour, at: incident.openedAt }
      const expected = fitting(expectations.list(), { cameraId: incident.camera.id, classes: names, time })
      return {
        classes: [...incident.classes].map(([name, seen]) => ({ class: name, ...seen })),
        dwellMs: stayMs(incident),
        hour: time.hour,
        night: isBetween(time.minute, minuteOf(settings.get(nightFrom)), minuteOf(settings.get(nightTo))),
        ...{ mode: house.mode(), atHome: house.atHome(), usualness: memory.usualness },
        ...{ earlierVisits: memory.earlierVisits, camerasSeen: incident.visit.seenMs.size },
        expected: expected && { name: expected.name, who: expected.who },
        zones: [...new Set(zones.map(({ kind }) => kind))],
        plugsSwitched: await watchPlugs(trx, incident, memory, at),
        feedback: await house.feedbackAdjustment(trx, asked),
      }
    },
  }
}

/** Over all parts of the visit; never longer than the visit has lasted. */
function stayMs(incident: OpenIncident): number {
  const { visit } = incident
  const lasted = Math.max(...visit.seenMs.values()) - visit.beganMs
  return Math.max(longestStayMs(incident), Math.min(lasted, visit.stayedMs + longestStayMs(incident)))
}
