import { readRemoteAccess } from '../client-remote-access.ts'
import { createResource } from './resource.ts'

/** The tunnel and the phones that may come in. */
export const remoteAccess = createResource(readRemoteAccess)
