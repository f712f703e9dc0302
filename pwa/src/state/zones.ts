import { readZoneNames } from '../client-zones.ts'
import { createResource } from './resource.ts'

/** The zones of all cameras by name, for whoever chooses one. */
export const zoneNames = createResource(readZoneNames)
