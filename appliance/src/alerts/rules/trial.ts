import type { AlertRuleBody, AlertRuleTrial } from '../../api/alert-rules.ts'
import type { Incident } from '../../api/incidents.ts'
import type { HomeMode } from '../../api/risk-bands.ts'
import type { WeekWindow } from '../../core/home-time.ts'
import { decide, type DecideContext, type Decision, type EarlierDecision } from './decide.ts'
import { visitOf } from './visit.ts'
import { noticeTitle } from './words.ts'

/** Everybody: a trial asks whether, not whom. */
const SOMEBODY = 'somebody'
const SHOWN = 20

export interface TrialInput {
  rule: AlertRuleBody
  /** Those that may be seen by whoever asks; in any order. */
  incidents: readonly Incident[]
  complete: boolean
  from: number
  to: number
  timeZone: string
  quietHours: WeekWindow | null
  /** Newest first, the last one reaching back before `from`. */
  modes: readonly { mode: HomeMode; at: number }[]
}

/** Replays what happened through a rule that is not saved yet. Pure; delays and snoozes of then are left out. */
export function tryRule(input: TrialInput): AlertRuleTrial {
  const told: { incident: Incident; at: number; decision: Decision }[] = []
  const memory: EarlierDecision[] = []
  const reasons = new Map<string, { words: string; count: number }>()
  for (const incident of input.incidents.toSorted((a, b) => a.openedAt - b.openedAt)) {
    const { at, decision } = replay(input, incident, memory)
    if (decision.outcome === 'told') {
      told.push({ incident, at, decision })
      memory.push(rememberTold(incident, at, decision))
    } else {
      const known = reasons.get(decision.code) ?? { words: endSentence(decision.reason), count: 0 }
      reasons.set(decision.code, { ...known, count: known.count + 1 })
    }
  }
  const { from, to, complete } = input
  return {
    ...{ from, to, complete, looked: input.incidents.length, toldCount: told.length },
    told: told.toReversed().slice(0, SHOWN).map(describeTold),
    notTold: [...reasons].map(([code, why]) => ({ code, ...why })).sort((a, b) => b.count - a.count),
  }
}

const endSentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`)

function modeAt(modes: TrialInput['modes'], at: number): HomeMode {
  return modes.find((each) => each.at <= at)?.mode ?? 'home'
}

/** The incident as it ended, at the moment at which it had lasted for long enough. */
function replay(input: TrialInput, incident: Incident, memory: readonly EarlierDecision[]) {
  const rule = { ...input.rule, id: 'trial', enabled: true, people: [] }
  const visit = { ...visitOf(incident), feedback: null }
  const at = visit.openedAt + Math.min(rule.dwellS * 1_000, visit.lastSeenAt - visit.openedAt)
  const context: DecideContext = {
    ...{ at, timeZone: input.timeZone, quietHours: input.quietHours, mode: modeAt(input.modes, at) },
    ...{ entry: { delayMs: 0, cameras: [] }, people: [SOMEBODY], snoozes: [], earlier: [] },
    lastTold: memory.filter(({ at: toldAt }) => toldAt > at - rule.cooldownS * 1_000),
  }
  const [decision] = decide([rule], context, visit, 'updated')
  return { at, decision: decision as Decision }
}

function rememberTold(
  incident: Incident,
  at: number,
  { ruleId, classes, people, channels, code }: Decision,
): EarlierDecision {
  const { band, verdict } = visitOf(incident)
  return {
    ...{ ruleId, incidentId: incident.id, cameraId: incident.camera.id, at, outcome: 'told' as const },
    ...{ code, classes, band, verdict, people, channels },
  }
}

function describeTold({ incident, at, decision }: { incident: Incident; at: number; decision: Decision }) {
  return {
    ...{ incidentId: incident.id, at, title: noticeTitle(visitOf(incident)), urgency: decision.urgency },
    pictureUrl: incident.snapshot?.url ?? null,
  }
}
