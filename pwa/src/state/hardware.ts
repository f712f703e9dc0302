import { readHardware, readModels, readReadings } from '../client-hardware.ts'
import { createResource } from './resource.ts'

/** What the box is, what looks, and with which model. */
export const hardware = createResource(readHardware)
export const readings = createResource(readReadings)
export const models = createResource(readModels)
