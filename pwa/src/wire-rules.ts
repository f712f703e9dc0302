// What the pages about rules and modes send and get: types only, so that no schema code gets into the bundle.
export type {
  AlertChannel,
  AlertDecision,
  AlertRule,
  AlertRuleBody,
  AlertRuleTrial,
  PlugWatch,
  QuietHours,
} from '../../appliance/src/api/alert-rules.ts'
export type {
  AddPresenceDevice,
  ModeOptions,
  ModeScheduleEntry,
  Presence,
  PresenceDevice,
} from '../../appliance/src/api/modes.ts'
export type { RiskBand } from '../../appliance/src/api/risk-bands.ts'
export type { Weekday } from '../../appliance/src/api/risk.ts'
export type { WeekTimes } from '../../appliance/src/api/week.ts'
