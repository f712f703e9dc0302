import { weekTimes, type WeekTimes } from '../../api/week.ts'
import type { SettingDefinition } from '../../settings/types.ts'

export const quietTimes: SettingDefinition<WeekTimes | null> = {
  key: 'alerts.quietTimes',
  schema: weekTimes.nullable(),
  initial: null,
  words: 'When only alarms, and rules that say so, come through; chosen under More, Alerts.',
  internal: true,
}
