import { Kysely } from 'kysely'
import { LaresError } from '../core/errors.ts'
import type { Database } from './database.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import type { Tables } from './tables/index.ts'

/** A camera as `lares doctor` wants to know it: nothing sealed is opened. */
export interface CameraAtAGlance {
  name: string
  enabled: boolean
  source: unknown
}

/** Who may come in, counted. */
export interface PeopleAtAGlance {
  admins: number
  others: number
  /** Of the administrators. */
  withoutSecondFactor: number
  auditEntries: number
}

/** A database for reading only, whether a server runs on it or not. */
export interface DatabaseBeside {
  /** For what reads through a Database; whatever would write is refused. */
  readonly database: Database
  cameras(): Promise<CameraAtAGlance[]>
  people(): Promise<PeopleAtAGlance>
  close(): Promise<void>
}

const refuse = (): never => {
  throw new LaresError('internal', 'This database was opened for reading only.')
}

export function openBeside(file: string): DatabaseBeside {
  const reader = new Kysely<Tables>({ dialect: createSqliteDialect({ file, readOnly: true, connections: 1 }) })
  const close = (): Promise<void> => reader.destroy().catch(() => undefined)
  return {
    // Its one connection is for reading only: SQLite itself refuses what would write.
    database: { reader, writer: reader, transaction: async () => refuse(), afterCommit: refuse, close },
    close,
    async people() {
      const users = await reader
        .selectFrom('users')
        .select(['id', 'role', 'totp_secret'])
        .where('active', '=', 1)
        .execute()
      const passkeys = await reader.selectFrom('passkeys').select('user_id').execute()
      const holders = new Set(passkeys.map((passkey) => passkey.user_id))
      const admins = users.filter(({ role }) => role === 'admin')
      const { total } = await reader
        .selectFrom('audit')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return {
        ...{ admins: admins.length, others: users.length - admins.length, auditEntries: Number(total) },
        withoutSecondFactor: admins.filter((admin) => admin.totp_secret === null && !holders.has(admin.id)).length,
      }
    },
    async cameras() {
      const rows = await reader.selectFrom('cameras').select(['name', 'enabled', 'source']).orderBy('name').execute()
      return rows.map(({ name, enabled, source }) => ({
        ...{ name, enabled: enabled === 1, source: JSON.parse(source) as unknown },
      }))
    },
  }
}
