import { z } from 'zod'
import type { SettingEntry } from '../api/system.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database, Db, Trx } from '../db/database.ts'
import { deleteSetting, readSettings, writeSetting, type StoredSetting } from './store.ts'
import type { EditableSettings, SettingDefinition } from './types.ts'

/** A definition with its value type forgotten: for lists. */
export type AnySetting = Omit<SettingDefinition<unknown>, 'schema'> & { readonly schema: z.ZodType }

export interface SettingsDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  /** Every setting of the product: `all-settings.ts`. */
  definitions: readonly AnySetting[]
  /** Values by key that the environment decides: `readFixedSettings`. They stand above what is stored, which stays. */
  fixed?: ReadonlyMap<string, unknown>
}

function byKey(definitions: readonly AnySetting[]): ReadonlyMap<string, AnySetting> {
  const known = new Map<string, AnySetting>()
  for (const definition of definitions) {
    if (known.has(definition.key))
      throw new LaresError('internal', `The setting ${definition.key} is declared twice.`, {
        code: 'DUPLICATE_SETTING',
      })
    known.set(definition.key, definition)
  }
  return known
}

const sealContext = (key: string): string => `setting:${key}`

function checked<T>(definition: Pick<SettingDefinition<T>, 'key' | 'schema' | 'words'>, value: unknown): T {
  const parsed = definition.schema.safeParse(value)
  if (parsed.success) return parsed.data
  const why = parsed.error.issues[0]?.message ?? 'is not valid'
  throw new LaresError('invalid', `${definition.words} This value ${why}.`, {
    code: 'SETTING_INVALID',
    details: { key: definition.key },
  })
}

function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return json
}

function entryOf(definition: AnySetting, value: unknown, setByEnv: boolean): SettingEntry {
  const { key, words, initial, schema, secret = false, env = null } = definition
  const feature = key.split('.')[0] ?? ''
  const shown = secret ? { value: null, initial: null } : { value, initial }
  return { key, feature, words, ...shown, schema: jsonSchemaOf(schema), secret, env, setByEnv }
}

/** Values in memory, and whoever wants to hear of a change. */
function createValues(log: Log, fixed: ReadonlyMap<string, unknown>) {
  const values = new Map<string, unknown>()
  const listeners = new Map<string, Set<(value: never) => void>>()

  function tell(key: string, listener: () => void): void {
    try {
      listener()
    } catch (error) {
      log.error({ setting: key, err: messageOf(error) }, 'A listener of a setting failed')
    }
  }

  return {
    clear: () => values.clear(),
    keep: (key: string, value: unknown): void => void values.set(key, value),
    read({ key, initial }: { key: string; initial: unknown }): unknown {
      if (fixed.has(key)) return fixed.get(key)
      return values.has(key) ? values.get(key) : initial
    },
    publish(key: string, value: unknown): void {
      values.set(key, value)
      for (const listener of listeners.get(key) ?? []) tell(key, () => listener(value as never))
    },
    listen(key: string, listener: (value: never) => void): () => void {
      const set = listeners.get(key) ?? new Set()
      listeners.set(key, set.add(listener))
      return () => void set.delete(listener)
    },
  }
}

type Values = ReturnType<typeof createValues>

/** What goes into the table and comes out of it. */
function createKeeper({ database, secretBox, clock, log, fixed }: SettingsDeps, values: Values) {
  function requireFree({ key, env }: Pick<AnySetting, 'key' | 'env'>): void {
    if (!fixed?.has(key)) return
    const words = `${env ?? 'The environment'} decides this setting. Change it there, then restart.`
    throw new LaresError('conflict', words, { code: 'SET_BY_ENVIRONMENT', details: { key } })
  }

  /** Inside a transaction memory changes when it commits, and not at all when it does not. */
  function publishWith(db: Db | Trx | undefined, key: string, value: unknown): void {
    if (db?.isTransaction) database.afterCommit(db as Trx, () => values.publish(key, value))
    else values.publish(key, value)
  }

  return {
    /** Into memory, where it can be read. */
    take(row: StoredSetting, definition: AnySetting): void {
      try {
        const json = definition.secret ? secretBox.open(row.value, sealContext(row.key)) : row.value
        values.keep(row.key, definition.schema.parse(JSON.parse(json)))
      } catch (error) {
        log.warn({ setting: row.key, err: messageOf(error) }, 'A stored setting cannot be read; its default is used')
      }
    },
    async store(definition: Omit<AnySetting, 'initial'>, value: unknown, db?: Db | Trx): Promise<void> {
      const { key, secret } = definition
      requireFree(definition)
      const clean = checked(definition, value)
      const json = JSON.stringify(clean)
      const row = { key, value: secret ? secretBox.seal(json, sealContext(key)) : json }
      await writeSetting(db ?? database.writer, row, clock.now())
      publishWith(db, key, clean)
    },
    async remove(definition: AnySetting, trx: Trx): Promise<void> {
      requireFree(definition)
      await deleteSetting(trx, definition.key)
      publishWith(trx, definition.key, definition.initial)
    },
  }
}

/** All settings, in memory, with the database as letterbox. Nothing is read before `load`. */
export function createSettings(deps: SettingsDeps): EditableSettings {
  const { fixed = new Map<string, unknown>() } = deps
  const known = byKey(deps.definitions)
  const values = createValues(deps.log, fixed)
  const keeper = createKeeper(deps, values)

  function requireKnown(key: string): void {
    if (!known.has(key)) throw new LaresError('internal', `The setting ${key} is not in the catalogue.`)
  }

  function requireShown(key: string): AnySetting {
    const definition = known.get(key)
    if (definition && !definition.internal) return definition
    throw new LaresError('not-found', 'There is no setting of this name.')
  }

  const describe = (definition: AnySetting): SettingEntry =>
    entryOf(definition, values.read(definition), fixed.has(definition.key))

  return {
    async load() {
      values.clear()
      for (const row of await readSettings(deps.database.reader)) {
        const definition = known.get(row.key)
        // A setting of a later version stays in the table, untouched.
        if (definition) keeper.take(row, definition)
      }
    },
    get<T>(definition: SettingDefinition<T>): T {
      requireKnown(definition.key)
      return values.read(definition) as T
    },
    async set(definition, value, db) {
      requireKnown(definition.key)
      await keeper.store(definition, value, db)
    },
    onChange(definition, listener) {
      requireKnown(definition.key)
      return values.listen(definition.key, listener as (value: never) => void)
    },
    list: () => [...known.values()].filter(({ internal }) => !internal).map(describe),
    describe: (key) => describe(requireShown(key)),
    change: async (key, value, trx) => keeper.store(requireShown(key), value, trx),
    reset: async (key, trx) => keeper.remove(requireShown(key), trx),
  }
}
