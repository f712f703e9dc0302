import { readNetwork } from '../client-network.ts'
import { createResource } from './resource.ts'

/** How the box is in the home network. */
export const network = createResource(readNetwork)
