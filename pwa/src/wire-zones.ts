// What the pages about zones send and get: types only, so that no schema code gets into the bundle.
export type { CameraZones, ClassLimit, Footprints, Point, ZoneKind, ZoneName } from '../../appliance/src/api/zones.ts'
import type { z } from 'zod'
import type { cameraZonesBody } from '../../appliance/src/api/zones.ts'

export type CameraZonesBody = z.input<typeof cameraZonesBody>
