// Today in numbers: asked when somebody looks, and again when something has begun or was reviewed.
import { readDay } from '../client.ts'
import { createResource } from './resource.ts'

export const today = createResource(readDay)
