import type { z } from 'zod'
import type { SettingEntry } from '../api/system.ts'
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
  /** A second name for the same variable, as other products call it; `env` wins. */
  readonly envAlias?: string
  /** The box's own: no page and no environment changes it. */
  readonly internal?: boolean
}

export interface Settings {
  /** Loads all rows; call once before the parts start. */
  load(): Promise<void>
  /** From memory: cheap enough for every frame. */
  get<T>(definition: SettingDefinition<T>): T
  /**
   * Checks, stores and announces. With `trx` the value is part of that transaction and announced by the caller's commit.
   * Throws `invalid` SETTING_INVALID, or `conflict` SET_BY_ENVIRONMENT when the environment decides.
   */
  set<T>(definition: SettingDefinition<T>, value: T, db?: Db | Trx): Promise<void>
  onChange<T>(definition: SettingDefinition<T>, listener: (value: T) => void): () => void
}

/** For the settings page: every setting that a person may see, by its key. */
export interface EditableSettings extends Settings {
  list(): SettingEntry[]
  /** `list` for one; throws `not-found` when there is none, or it is the box's own. */
  describe(key: string): SettingEntry
  /** As `set`. Throws `not-found` too. */
  change(key: string, value: unknown, trx: Trx): Promise<void>
  /** Back to the first value. Throws `not-found`, `conflict` SET_BY_ENVIRONMENT. */
  reset(key: string, trx: Trx): Promise<void>
}
