/** What the owner has set; one row a setting that differs from its default. */
export interface SettingsTable {
  /** Name from the feature's settings schema, for example `home.name`. */
  key: string
  /** JSON; sealed by the secret box when the setting is a secret. */
  value: string
  updated_at: number
}
