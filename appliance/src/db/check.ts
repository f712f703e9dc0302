import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Kysely, sql } from 'kysely'
import { systemClock } from '../core/clock.ts'
import { messageOf, systemCodeOf } from '../core/errors.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'

/** One thing that is wrong with stored data, in words. */
export interface Damage {
  kind: 'unreadable' | 'damaged' | 'reference' | 'schema' | 'missing-file' | 'orphan-file'
  words: string
}

export interface CheckOptions {
  file: string
  mediaDir: string
}

/** Columns whose JSON names a file of the media folder as `file`. */
const FILE_COLUMNS = [
  { table: 'incidents', column: 'snapshot' },
  { table: 'incidents', column: 'clip' },
  { table: 'plugs', column: 'picture' },
] as const

/** Made anew all the time; nothing in the database names what is in there. */
const PASSING_FOLDERS: ReadonlySet<string> = new Set(['buffer', 'tmp'])
const MOST_FINDINGS = 100

type AnyDb = Kysely<unknown>

const open = (file: string, readOnly: boolean): AnyDb =>
  new Kysely<unknown>({ dialect: createSqliteDialect({ file, readOnly, connections: 1 }) })

async function checkPages(db: AnyDb): Promise<Damage[]> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(${sql.lit(MOST_FINDINGS)})`.execute(db)
  return rows
    .map((row) => row.integrity_check)
    .filter((line) => line !== 'ok')
    .map((line) => ({ kind: 'damaged', words: `The database file: ${line}` }))
}

async function checkReferences(db: AnyDb): Promise<Damage[]> {
  const { rows } = await sql<{ table: string; rowid: number; parent: string }>`pragma foreign_key_check`.execute(db)
  return rows.slice(0, MOST_FINDINGS).map(({ table, rowid, parent }) => ({
    kind: 'reference',
    words: `Row ${rowid} of ${table} belongs to a row of ${parent} that does not exist.`,
  }))
}

async function readSchema(db: AnyDb): Promise<Map<string, string>> {
  const { rows } = await sql<{ type: string; name: string; sql: string }>`
    select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%'`.execute(db)
  return new Map(rows.map((row) => [`${row.type} ${row.name}`, row.sql.replace(/\s+/g, ' ').trim()]))
}

/** The schema as this version makes it, built in memory. */
export async function expectedSchema(): Promise<Map<string, string>> {
  const db = open(':memory:', false)
  try {
    await migrate(db, migrations, { clock: systemClock })
    return await readSchema(db)
  } finally {
    await db.destroy()
  }
}

async function checkSchema(db: AnyDb): Promise<Damage[]> {
  const [found, expected] = [await readSchema(db), await expectedSchema()]
  const damages: Damage[] = []
  const add = (words: string): void => void damages.push({ kind: 'schema', words })
  for (const [name, text] of expected) {
    const actual = found.get(name)
    if (actual === undefined) add(`The ${name} is missing.`)
    else if (actual !== text) add(`The ${name} is not as this version makes it: ${actual}`)
  }
  for (const name of found.keys()) if (!expected.has(name)) add(`The ${name} is not known to this version.`)
  return damages
}

async function namedFiles(db: AnyDb): Promise<Map<string, string>> {
  const named = new Map<string, string>()
  for (const { table, column } of FILE_COLUMNS) {
    const { rows } = await sql<{ id: string; file: string }>`
      select id, json_extract(${sql.ref(column)}, '$.file') as file from ${sql.table(table)}
      where json_extract(${sql.ref(column)}, '$.file') is not null`.execute(db)
    for (const { id, file } of rows) named.set(file, `the ${column} of ${table} ${id}`)
  }
  return named
}

async function filesBelow(folder: string): Promise<Set<string>> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => !entry.isDirectory())
    return new Set(files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return new Set()
    throw error
  }
}

async function checkFiles(db: AnyDb, mediaDir: string): Promise<Damage[]> {
  const [named, present] = [await namedFiles(db), await filesBelow(mediaDir)]
  const missing = [...named].filter(([file]) => !present.has(file))
  const orphans = [...present].filter((file) => !named.has(file) && !PASSING_FOLDERS.has(file.split('/')[0] ?? ''))
  return [
    ...missing.map(([file, owner]): Damage => ({ kind: 'missing-file', words: `${file}, ${owner}, is missing.` })),
    ...orphans.map((file): Damage => ({ kind: 'orphan-file', words: `${file} belongs to nothing.` })),
  ]
}

/**
 * Looks through everything that is stored and reports each damage; changes nothing. What one step cannot read does not
 * keep the others from looking.
 */
export async function checkDatabase({ file, mediaDir }: CheckOptions): Promise<Damage[]> {
  const db = open(file, true)
  const damages: Damage[] = []
  try {
    for (const step of [checkPages, checkReferences, checkSchema, (of: AnyDb) => checkFiles(of, mediaDir)]) {
      try {
        damages.push(...(await step(db)))
      } catch (error) {
        const cause = error instanceof Error && error.cause ? error.cause : error
        const words = `The database file cannot be read: ${messageOf(cause)}`
        // A file that is no database at all would say the same at every step.
        if (!damages.some((damage) => damage.words === words)) damages.push({ kind: 'unreadable', words })
      }
    }
    return damages
  } finally {
    await db.destroy().catch(() => undefined)
  }
}
