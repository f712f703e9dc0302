import type { Migration } from '../migrate.ts'
import { first } from './0001-first.ts'
import { access } from './0002-access.ts'
import { risk } from './0005-risk.ts'

/** In order, append only: what has been released is never changed. */
export const migrations: readonly Migration[] = [first, access, risk]
