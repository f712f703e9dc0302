import { readKeys } from '../client-people.ts'
import { createResource } from './resource.ts'

/** Keys of programs. */
export const keys = createResource(readKeys)
