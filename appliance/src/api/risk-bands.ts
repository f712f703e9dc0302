/**
 * The one table of how bad something is, for server and app alike. A score is a whole number from 0 to 100; each band
 * begins where the one before it ends. No schema code here, so that the app can use it.
 */
export const RISK_BANDS = [
  { band: 'low', from: 0, to: 29 },
  { band: 'medium', from: 30, to: 59 },
  { band: 'high', from: 60, to: 84 },
  { band: 'critical', from: 85, to: 100 },
] as const

export type RiskBand = (typeof RISK_BANDS)[number]['band']

export const LOWEST_SCORE = 0
export const HIGHEST_SCORE = 100

/** The band of a score; what lies beyond the table counts as its end. */
export function bandOf(score: number): RiskBand {
  return RISK_BANDS.findLast(({ from }) => score >= from)?.band ?? 'low'
}

/** How bands compare: 0 for low, 3 for critical. */
export const rankOfBand = (band: RiskBand): number => RISK_BANDS.findIndex((each) => each.band === band)

/** What the household said it is doing. */
export const HOME_MODES = ['home', 'away', 'night', 'disarmed'] as const
export type HomeMode = (typeof HOME_MODES)[number]
