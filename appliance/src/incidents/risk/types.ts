import type { ObjectClass } from '../../api/common.ts'
import type { RiskFactor, Verdict } from '../../api/risk.ts'
import type { HomeMode } from '../../api/risk-bands.ts'
import type { Trx } from '../../db/database.ts'

export type { HomeMode } from '../../api/risk-bands.ts'

/** A plug as it is now. */
export interface PlugState {
  id: string
  name: string
  on: boolean
  /** null: it does not measure, or was not read yet. */
  powerMw: number | null
}

/** What somebody's earlier answers change: points within ±25, and why in one sentence. */
export interface Adjustment {
  points: number
  words: string
}

export interface FeedbackQuestion {
  cameraId: string
  class: ObjectClass
  /** Id of the gravest zone that was entered; null: none was. */
  zone: string | null
  /** 0–23, of the home's time zone. */
  hour: number
  /** Epoch milliseconds. */
  at: number
}

/**
 * What is known of the house besides pictures. compose.ts gives it in as functions; whoever knows nothing says so:
 * mode `home`, null for who is home. Called inside the incident's transaction: be quick, and read through `trx`.
 */
export interface HouseContext {
  mode(): HomeMode
  /** Names of who is known to be home; null: it is not known. */
  atHome(): readonly string[] | null
  plugs(): readonly PlugState[]
  /** null: nothing was learnt about this. */
  feedbackAdjustment(trx: Trx, asked: FeedbackQuestion): Promise<Adjustment | null>
}

/** How often something is seen here at this hour. `learning`: too little history to say. */
export type Usualness =
  { state: 'learning' } | { state: 'ordinary' | 'usual' | 'unusual'; /** Visits an hour, smoothed. */ perHour: number }

/** Everything that the rules look at: plain data, so that a scene can be written down and judged again. */
export interface SceneFacts {
  classes: readonly { class: ObjectClass; /** Most in sight at once. */ count: number; bestScore: number }[]
  /** How long the one who stayed longest was followed, over all parts of the visit. */
  dwellMs: number
  /** Of the home's time zone. */
  hour: number
  /** True between dusk and dawn as far as the clock can tell. */
  night: boolean
  mode: HomeMode
  /** Names; null: not known. */
  atHome: readonly string[] | null
  /** The first expectation that fits, by name. */
  expected: { name: string; who: 'household' | 'visitor' | 'vehicle' | 'animal' } | null
  usualness: Usualness
  /** Earlier visits of the same class on the same camera within the last half hour. */
  earlierVisits: number
  /** How many cameras the visit was seen on. */
  camerasSeen: number
  /** Kinds of the zones that were entered, when zones are known: `entry`, `drive`, `garden`, `street` … */
  zones: readonly string[]
  /** Plugs that were switched while it lasted, by name. */
  plugsSwitched: readonly string[]
  feedback: Adjustment | null
}

/** What an assessor says: is it real, how bad, and why. */
export interface Judgement {
  verdict: Verdict
  /** 0–100; null: it could not be judged. */
  score: number | null
  factors: RiskFactor[]
}
