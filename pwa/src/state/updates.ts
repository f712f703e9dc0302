import { readBox, readUpdates } from '../client-updates.ts'
import { createResource } from './resource.ts'

/** What runs, and how far an update is. */
export const updates = createResource(readUpdates)
/** What can be done to the box itself. */
export const box = createResource(readBox)
