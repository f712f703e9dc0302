import type { z } from 'zod'
import type { Db, Trx } from '../db/database.ts'

/** One setting: declared once in its feature's `settings.ts`, listed in `settings/catalogue.ts`, shown and documented from there. */
export interface SettingDefinition<T> {
  /** For example `home.name`. */
  readonly key: string
  readonly schema: z.ZodType<T>
  readonly initial: T
  /** One plain sentence for the settings page and the reference. */
  readonly words: string
  /** Sealed at rest, never shown, never in the reference with a value. */
  readonly secret?: boolean
  /** Environment variable that decides instead of the stored value (and `<env>_FILE` for a secret). */
  readonly env?: string
}

export interface Settings {
  /** Loads all rows; call once before the parts start. */
  load(): Promise<void>
  /** From memory: cheap enough for every frame. */
  get<T>(definition: SettingDefinition<T>): T
  /** Checks, stores and announces. With `trx` the value is part of that transaction and announced by the caller's commit. */
  set<T>(definition: SettingDefinition<T>, value: T, db?: Db | Trx): Promise<void>
  onChange<T>(definition: SettingDefinition<T>, listener: (value: T) => void): () => void
}
