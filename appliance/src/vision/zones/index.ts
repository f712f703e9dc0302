import type { ObjectClass } from '../../api/common.ts'
import { NO_ZONES, type CameraZones, type CameraZonesBody, type Point, type ZoneName } from '../../api/zones.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/index.ts'
import type { Events } from '../../events.ts'
import type { RequestContext } from '../../http/route.ts'
import { checkedZones, isSameMasks } from './checked.ts'
import { zoneRoutes } from './routes.ts'
import { listZones, revisionOf, saveZones } from './store.ts'
import type { Zones } from './types.ts'

export interface ZonesDeps {
  database: Database
  clock: Clock
  bus: Bus<Events>
  /** Throws `not-found`. */
  getCamera(id: string): Promise<unknown>
  /** Ends the camera's stream and begins it anew; resolves once nothing of the old one can come any more. */
  restartCamera(id: string, meanwhile: () => Promise<void>): Promise<void>
  /** Removes what was recorded of the last minutes. */
  forgetRecorded(cameraId: string): Promise<void>
  /** Keeps a record of who changed what, in the same transaction. */
  recordChange(trx: Trx, request: RequestContext, cameraId: string, details: Record<string, unknown>): Promise<void>
  /** Where things stood lately. */
  footprints(cameraId: string): Promise<{ class: ObjectClass; at: Point }[]>
}

/** What is drawn on the cameras' pictures. Starts before the cameras do: their privacy masks must be known. */
export function createZones(deps: ZonesDeps): Zones {
  const { database, bus } = deps
  let known: ReadonlyMap<string, CameraZones> | null = null
  let stopListening = (): void => undefined
  /** Changes one after another: two must not restart one stream at once. */
  let tail: Promise<unknown> = Promise.resolve()

  const of = (cameraId: string): CameraZones => known?.get(cameraId) ?? NO_ZONES

  function remember(cameraId: string, zones: CameraZones | null): void {
    const next = new Map(known)
    if (zones) next.set(cameraId, zones)
    else next.delete(cameraId)
    known = next
  }

  const zones: Omit<Zones, 'routes'> = {
    name: 'zones',
    of,
    privacyMasksOf(cameraId) {
      if (known === null) throw new LaresError('unavailable', 'The privacy masks are not known yet.')
      return of(cameraId).privacyMasks.map(({ shape }) => shape)
    },
    all: () => [...(known ?? [])].flatMap(([cameraId, all]) => namesOf(cameraId, all)),
    find: (zoneId) => zones.all().find(({ id }) => id === zoneId) ?? null,
    async start() {
      known = await listZones(database.reader)
      stopListening = bus.on('camera.removed', 'zones', ({ id }) => remember(id, null))
    },
    async stop() {
      stopListening()
      await tail
    },
  }
  return {
    ...zones,
    routes: zoneRoutes({
      ...{ zones, getCamera: deps.getCamera, footprints: deps.footprints },
      replace(request, cameraId, body) {
        const turn = tail.then(() => replaceZones(deps, { of, remember }, { request, cameraId, body }))
        tail = turn.catch(() => undefined)
        return turn
      },
    }),
  }
}

interface Memory {
  of(cameraId: string): CameraZones
  remember(cameraId: string, zones: CameraZones): void
}

interface Change {
  request: RequestContext
  cameraId: string
  body: CameraZonesBody
}

async function replaceZones(deps: ZonesDeps, { of, remember }: Memory, change: Change): Promise<CameraZones> {
  const { database, clock, bus } = deps
  const { request, cameraId, body } = change
  await deps.getCamera(cameraId)
  const before = of(cameraId)
  const next = checkedZones(body, before, () => newId(clock.now()))
  const masksChanged = !isSameMasks(before, next)
  await database.transaction(async (trx, afterCommit) => {
    if (body.revision !== (await revisionOf(trx, cameraId))) throw changedMeanwhile()
    await saveZones(trx, cameraId, next)
    await deps.recordChange(trx, request, cameraId, changesOf(next, masksChanged))
    afterCommit(() => remember(cameraId, next))
  })
  // Pictures of before may be on their way until the stream has begun anew: only then is it done.
  if (masksChanged)
    await deps.restartCamera(cameraId, async () => {
      if (body.recorded === 'delete') await deps.forgetRecorded(cameraId)
    })
  bus.emit('camera.zones-changed', { id: cameraId, masksChanged })
  return next
}

/** Entry lines are zones too, for whoever names one. */
const namesOf = (cameraId: string, { zones, lines }: CameraZones): ZoneName[] => [
  ...zones.map(({ id, name, kind }) => ({ id, cameraId, name, kind })),
  ...lines.map(({ id, name }) => ({ id, cameraId, name, kind: 'entry' as const })),
]

function changesOf(zones: CameraZones, masksChanged: boolean): Record<string, unknown> {
  const counts = { zones: zones.zones.length, lines: zones.lines.length, ignored: zones.ignored.length }
  return { ...counts, motionMasks: zones.motionMasks.length, privacyMasks: zones.privacyMasks.length, masksChanged }
}

function changedMeanwhile(): LaresError {
  const words = 'Somebody else has changed the zones of this camera meanwhile. Open the page again.'
  return new LaresError('conflict', words, { code: 'CHANGED_MEANWHILE' })
}
