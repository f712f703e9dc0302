import type { RiskFactor, Verdict } from '../../api/risk.ts'
import { RISK_BANDS } from '../../api/risk-bands.ts'
import { scoreOf } from './rules.ts'
import type { Judgement } from './types.ts'

/** A language model moves the rules' score by at most this much, up or down. */
export const LANGUAGE_AT_MOST = 25

/** What a language model said about one incident. */
export interface Opinion {
  verdict: Exclude<Verdict, 'could-not-look'>
  /** 0–100. */
  score: number
  reason: string
}

const HIGHEST_LOW = RISK_BANDS[0].to

/**
 * The rules' judgement, refined by what a model said. The model is heard, not obeyed: it may be wrong, and whoever stands
 * before the camera may hold up words meant for it. So it moves the score by at most 25 points, and makes something unreal only
 * where the detector itself was not sure. Pure.
 */
export function combine(rules: Judgement, opinion: Opinion | null): Judgement {
  if (opinion === null || rules.score === null) return rules
  const mayReject = rules.verdict === 'uncertain' && opinion.verdict === 'rejected'
  const wanted = opinion.verdict === 'rejected' ? Math.min(opinion.score, HIGHEST_LOW) : opinion.score
  const apart = wanted - rules.score
  const points = Math.round(Math.min(LANGUAGE_AT_MOST, Math.max(mayReject ? apart : -LANGUAGE_AT_MOST, apart)))
  const factors: RiskFactor[] = [...rules.factors, { code: 'language', words: opinion.reason, points }]
  // The sum of the rules may lie beyond 0–100; the model moves what was shown.
  const beyond = rules.score - rules.factors.reduce((sum, each) => sum + each.points, 0)
  const score = scoreOf([...factors, { code: 'limit', words: '', points: beyond }])
  return { verdict: verdictOf(rules.verdict, opinion.verdict), score, factors }
}

function verdictOf(rules: Verdict, said: Opinion['verdict']): Verdict {
  // The detector is sure, the model sees nothing: nobody knows.
  return said === 'rejected' && rules === 'confirmed' ? 'uncertain' : said
}
