import { readExpectations } from '../client-risk.ts'
import { createResource } from './resource.ts'

/** Who is expected, and when. */
export const expectations = createResource(readExpectations)
