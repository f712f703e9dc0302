// The calls of the pages about zones. They come with those pages, not with the first load.
import { request } from './request.ts'
import type { CameraZones, CameraZonesBody, Footprints, ZoneName } from './wire-zones.ts'

const of = (id: string, rest: string) => `/api/cameras/${encodeURIComponent(id)}/${rest}`

export const readZones = (id: string) => request<CameraZones>('GET', of(id, 'zones'))
/** Where masks change, the camera's stream begins anew first. */
export const saveZones = (id: string, body: CameraZonesBody) =>
  request<CameraZones>('PUT', of(id, 'zones'), { body, timeoutMs: 30_000 })
export const readFootprints = (id: string) => request<Footprints>('GET', of(id, 'footprints'))
export const readZoneNames = async (): Promise<ZoneName[]> =>
  (await request<{ zones: ZoneName[] }>('GET', '/api/zones')).zones
