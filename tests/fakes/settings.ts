import type { SettingDefinition, Settings } from '../../appliance/src/settings/types.ts'

/** Settings in memory: every setting has its initial value until a test sets another. */
export function createFakeSettings(): Settings {
  const values = new Map<string, unknown>()
  const listeners = new Map<string, Set<(value: never) => void>>()
  return {
    load: async () => undefined,
    get: <T>(definition: SettingDefinition<T>) =>
      values.has(definition.key) ? (values.get(definition.key) as T) : definition.initial,
    async set<T>(definition: SettingDefinition<T>, value: T) {
      const checked = definition.schema.parse(value)
      values.set(definition.key, checked)
      for (const listener of listeners.get(definition.key) ?? []) listener(checked as never)
    },
    onChange(definition, listener) {
      const set = listeners.get(definition.key) ?? new Set()
      listeners.set(definition.key, set.add(listener as (value: never) => void))
      return () => void set.delete(listener as (value: never) => void)
    },
  }
}
