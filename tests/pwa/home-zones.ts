// Zones of the cameras of the home of plain objects.
import { randomUUID } from 'node:crypto'
import { idParams } from '../../appliance/src/api/common.ts'
import * as api from '../../appliance/src/api/zones.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const kept = new WeakMap<HomeState, Map<string, api.CameraZones>>()

/** What is drawn, by camera; the first camera has a drive, an entry line and a mask from the beginning. */
export function zonesOf(state: HomeState): Map<string, api.CameraZones> {
  const known = kept.get(state) ?? makeZones(state)
  kept.set(state, known)
  return known
}

const at = (...pairs: [number, number][]): api.Point[] => pairs.map(([x, y]) => ({ x, y }))

function makeZones({ data }: HomeState): Map<string, api.CameraZones> {
  const first = data.cameras[0]
  if (!first) return new Map()
  const drive = {
    ...{ id: randomUUID(), name: 'Drive', kind: 'drive' as const, colour: '#35a7ff', inertiaLooks: 3, loiterS: 30 },
    shape: at([0.1, 0.55], [0.6, 0.5], [0.75, 0.95], [0.05, 0.95]),
  }
  const gate = { id: randomUUID(), name: 'Gate', from: { x: 0.6, y: 0.85 }, to: { x: 0.95, y: 0.7 } }
  const mask = { id: randomUUID(), name: 'Neighbour', shape: at([0.75, 0.05], [0.98, 0.05], [0.98, 0.35], [0.8, 0.3]) }
  const limits = [{ class: 'person' as const, minHeight: 0.1, maxHeight: 0.8, minScore: null }]
  return new Map([
    [first.id, { ...api.NO_ZONES, zones: [drive], lines: [gate], privacyMasks: [mask], limits, revision: 1 }],
  ])
}

export function zoneRoutes({ state, bus }: HomeDeps): Route[] {
  const of = (id: string): api.CameraZones => zonesOf(state).get(id) ?? api.NO_ZONES
  const withId = <Item extends { id?: string | undefined }>(item: Item) => ({ ...item, id: item.id ?? randomUUID() })
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/zones', needs: 'cameras.view', reply: api.zoneNamesReply },
      run: async () => ({
        zones: [...zonesOf(state)].flatMap(([cameraId, { zones }]) =>
          zones.map(({ id, name, kind }) => ({ id, cameraId, name, kind })),
        ),
      }),
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/cameras/:id/zones', needs: 'cameras.view' },
      ...{ params: idParams, reply: api.cameraZones },
      run: async ({ params }) => of(find(state.data.cameras, params.id).id),
    }),
    route({
      ...{ ...open, method: 'PUT', path: '/api/cameras/:id/zones', needs: 'cameras.edit' },
      ...{ params: idParams, body: api.cameraZonesBody, reply: api.cameraZones },
      async run({ params, body: { recorded: _, ...body } }) {
        if (body.revision !== of(params.id).revision)
          throw new LaresError('conflict', 'Somebody else has changed the zones of this camera meanwhile.')
        const saved: api.CameraZones = {
          ...{ zones: body.zones.map(withId), lines: body.lines.map(withId), ignored: body.ignored.map(withId) },
          ...{ motionMasks: body.motionMasks.map(withId), privacyMasks: body.privacyMasks.map(withId) },
          ...{ limits: body.limits, revision: body.revision + 1 },
        }
        zonesOf(state).set(params.id, saved)
        bus.emit('camera.zones-changed', { id: params.id, masksChanged: false })
        return saved
      },
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/cameras/:id/footprints', needs: 'incidents.view' },
      ...{ params: idParams, reply: api.footprintsReply },
      run: async () => ({
        feet: Array.from({ length: 60 }, (_, n) => ({
          ...{ class: 'person' as const, at: { x: 0.2 + n * 0.008, y: 0.9 - n * 0.005 } },
        })),
      }),
    }),
  ]
}
