import { readSettings } from '../client-people.ts'
import { createResource } from './resource.ts'

/** Every setting that people may see. */
export const settings = createResource(async () => (await readSettings()).settings)
