import type { Migration } from '../migrate.ts'
import { first } from './0001-first.ts'
import { access } from './0002-access.ts'
import { clientCertificates } from './0003-client-certificates.ts'
import { plugHome } from './0004-plug-home.ts'

/** In order, append only: what has been released is never changed. */
export const migrations: readonly Migration[] = [first, access, clientCertificates, plugHome]
