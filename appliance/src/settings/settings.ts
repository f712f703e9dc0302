import type { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Database, Trx } from '../db/index.ts'
import { readSettings, writeSetting, type StoredSetting } from './store.ts'
import type { SettingDefinition, Settings } from './types.ts'

/** A definition with its value type forgotten: for lists. */
export type AnySetting = Omit<SettingDefinition<unknown>, 'schema'> & { readonly schema: z.ZodType }

export interface SettingsDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  /** Every setting of the product: `all-settings.ts`. */
  definitions: readonly AnySetting[]
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

function checked<T>(definition: SettingDefinition<T>, value: T): T {
  const parsed = definition.schema.safeParse(value)
  if (parsed.success) return parsed.data
  const why = parsed.error.issues[0]?.message ?? 'is not valid'
  throw new LaresError('invalid', `${definition.words} This value ${why}.`, {
    code: 'SETTING_INVALID',
    details: { key: definition.key },
  })
}

function tell(key: string, listener: () => void, log: Log): void {
  try {
    listener()
  } catch (error) {
    log.error({ setting: key, err: messageOf(error) }, 'A listener of a setting failed')
  }
}

/** All settings, in memory, with the database as letterbox. Nothing is read before `load`. */
export function createSettings(deps: SettingsDeps): Settings {
  const known = byKey(deps.definitions)
  const values = new Map<string, unknown>()
  const listeners = new Map<string, Set<(value: never) => void>>()

  function decode(row: StoredSetting, definition: AnySetting): unknown {
    const json = definition.secret ? deps.secretBox.open(row.value, sealContext(row.key)) : row.value
    return definition.schema.parse(JSON.parse(json))
  }

  function keep(row: StoredSetting): void {
    const definition = known.get(row.key)
    // A setting of a later version stays in the table, untouched.
    if (!definition) return
    try {
      values.set(row.key, decode(row, definition))
    } catch (error) {
      deps.log.warn({ setting: row.key, err: messageOf(error) }, 'A stored setting cannot be read; its default is used')
    }
  }

  function publish(key: string, value: unknown): void {
    values.set(key, value)
    for (const listener of listeners.get(key) ?? []) tell(key, () => listener(value as never), deps.log)
  }

  function requireKnown(key: string): void {
    if (!known.has(key)) throw new LaresError('internal', `The setting ${key} is not in the catalogue.`)
  }

  return {
    async load() {
      values.clear()
      for (const row of await readSettings(deps.database.reader)) keep(row)
    },
    get<T>(definition: SettingDefinition<T>): T {
      requireKnown(definition.key)
      return values.has(definition.key) ? (values.get(definition.key) as T) : definition.initial
    },
    async set(definition, value, db) {
      requireKnown(definition.key)
      const clean = checked(definition, value)
      const json = JSON.stringify(clean)
      const stored = definition.secret ? deps.secretBox.seal(json, sealContext(definition.key)) : json
      const row = { key: definition.key, value: stored }
      await writeSetting(db ?? deps.database.writer, row, deps.clock.now())
      // Inside a transaction memory changes when it commits, and not at all when it does not.
      if (db?.isTransaction) deps.database.afterCommit(db as Trx, () => publish(definition.key, clean))
      else publish(definition.key, clean)
    },
    onChange(definition, listener) {
      requireKnown(definition.key)
      const set = listeners.get(definition.key) ?? new Set()
      listeners.set(definition.key, set.add(listener as (value: never) => void))
      return () => void set.delete(listener as (value: never) => void)
    },
  }
}
