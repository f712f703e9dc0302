import type { Selectable } from 'kysely'
import type { PlugAtTheTime } from '../../api/incidents.ts'
import type { LanguageOpinion, PromptReply, RiskFactor, Verdict } from '../../api/risk.ts'
import type { Db } from '../../db/index.ts'
import type { IncidentAssessmentsTable } from '../../db/tables/risk.ts'
import type { Opinion } from './combine.ts'
import type { Judgement, SceneFacts } from './types.ts'

/** What a model said, with where it comes from. */
export type StoredOpinion = Omit<LanguageOpinion, 'state'> & { opinion: Opinion | null }

export interface StoredAssessment {
  incidentId: string
  at: number
  rules: Judgement
  facts: SceneFacts | null
  language: {
    state: LanguageOpinion['state']
    dueAt: number | null
    tries: number
    /** What the rules said when the model was last asked. */
    askedScore: number | null
    stored: StoredOpinion | null
  }
}

function fromRow(row: Selectable<IncidentAssessmentsTable>): StoredAssessment {
  return {
    ...{ incidentId: row.incident_id, at: row.at },
    rules: {
      ...{ verdict: row.rules_verdict as Verdict, score: row.rules_score },
      factors: JSON.parse(row.rules_factors) as RiskFactor[],
    },
    facts: row.facts === null ? null : (JSON.parse(row.facts) as SceneFacts),
    language: {
      ...{ state: row.language_state as LanguageOpinion['state'], dueAt: row.language_due_at },
      ...{ tries: row.language_tries, askedScore: row.asked_score },
      stored: row.language === null ? null : (JSON.parse(row.language) as StoredOpinion),
    },
  }
}

export async function findAssessment(db: Db, incidentId: string): Promise<StoredAssessment | null> {
  const row = await db
    .selectFrom('incident_assessments')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Writes the assessment and what it comes to; the prompt has its own writer. */
export async function saveAssessment(db: Db, each: StoredAssessment, outcome: Judgement): Promise<void> {
  const { incidentId, rules, facts, language } = each
  const isRefined = language.stored?.opinion != null && rules.score !== null
  const columns = {
    ...{ by: isRefined ? 'language' : 'rules', at: each.at, verdict: outcome.verdict, score: outcome.score },
    ...{ rules_score: rules.score, rules_verdict: rules.verdict, rules_factors: JSON.stringify(rules.factors) },
    facts: facts && JSON.stringify(facts),
    ...{ language_state: language.state, language_due_at: language.dueAt, language_tries: language.tries },
    ...{ asked_score: language.askedScore, language: language.stored && JSON.stringify(language.stored) },
  }
  await db
    .insertInto('incident_assessments')
    .values({ incident_id: incidentId, prompt: null, ...columns })
    .onConflict((conflict) => conflict.column('incident_id').doUpdateSet(columns))
    .execute()
  await db
    .updateTable('incidents')
    .set({ verdict: outcome.verdict, risk_score: outcome.score })
    .where('id', '=', incidentId)
    .execute()
}

/** The first incident of a visit shows the gravest of all its parts. */
export async function showGravest(db: Db, firstId: string): Promise<void> {
  const gravest = await db
    .selectFrom('incident_assessments')
    .innerJoin('incidents', 'incidents.id', 'incident_assessments.incident_id')
    .select(['incident_assessments.verdict', 'incident_assessments.score'])
    .where((eb) => eb.or([eb('incidents.id', '=', firstId), eb('incidents.part_of', '=', firstId)]))
    .orderBy('incident_assessments.score', (order) => order.desc().nullsLast())
    .orderBy('incidents.id')
    .executeTakeFirst()
  if (!gravest) return
  await db
    .updateTable('incidents')
    .set({ verdict: gravest.verdict, risk_score: gravest.score })
    .where('id', '=', firstId)
    .execute()
}

export async function savePrompt(db: Db, incidentId: string, prompt: PromptReply): Promise<void> {
  await db
    .updateTable('incident_assessments')
    .set({ prompt: JSON.stringify(prompt) })
    .where('incident_id', '=', incidentId)
    .execute()
}

export async function findPrompt(db: Db, incidentId: string): Promise<PromptReply | null> {
  const row = await db
    .selectFrom('incident_assessments')
    .select('prompt')
    .where('incident_id', '=', incidentId)
    .executeTakeFirst()
  return row?.prompt == null ? null : (JSON.parse(row.prompt) as PromptReply)
}

/** Those that a language model is to be asked about now, newest first: what goes on matters most. */
export async function dueForLanguage(db: Db, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('incident_assessments')
    .select('incident_id')
    .where('language_state', '=', 'waiting')
    .where('language_due_at', '<=', now)
    .orderBy('incident_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.incident_id)
}

export async function countWaiting(db: Db): Promise<{ count: number; nextDueAt: number | null }> {
  const row = await db
    .selectFrom('incident_assessments')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('language_due_at').as('next')])
    .where('language_state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), nextDueAt: row.next === null ? null : Number(row.next) }
}

export async function savePlugs(db: Db, incidentId: string, plugs: readonly PlugAtTheTime[]): Promise<void> {
  if (plugs.length === 0) return
  await db
    .insertInto('incident_plugs')
    .values(
      plugs.map(({ at, plugId, name, on, powerMw }) => ({
        ...{ incident_id: incidentId, at, plug_id: plugId, name, is_on: on ? (1 as const) : (0 as const) },
        power_mw: powerMw,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Oldest first. */
export async function plugsOf(db: Db, incidentId: string): Promise<PlugAtTheTime[]> {
  const rows = await db
    .selectFrom('incident_plugs')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('at')
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    ...{ at: row.at, plugId: row.plug_id, name: row.name, on: row.is_on === 1, powerMw: row.power_mw },
  }))
}

export interface EarlierVisits {
  cameraId: string
  class: string
  /** Opened from here … */
  fromMs: number
  /** … up to, not including, here. */
  toMs: number
  /** The visit that is being judged. */
  exceptId: string
}

export async function countEarlierVisits(db: Db, asked: EarlierVisits): Promise<number> {
  const { count } = await db
    .selectFrom('incidents')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('camera_id', '=', asked.cameraId)
    .where('opened_at', '>=', asked.fromMs)
    .where('opened_at', '<', asked.toMs)
    .where('part_of', 'is', null)
    .where('id', '!=', asked.exceptId)
    .where('classes', 'like', `%"class":"${asked.class}"%`)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** There is no model any more: nobody waits for one. */
export async function stopWaiting(db: Db): Promise<void> {
  await db
    .updateTable('incident_assessments')
    .set({ language_state: 'off', language_due_at: null })
    .where('language_state', '=', 'waiting')
    .execute()
}
