import type { Selectable } from 'kysely'
import type { AlertChannel } from '../../api/alert-rules.ts'
import type { ObjectClass } from '../../api/common.ts'
import type { Verdict } from '../../api/risk.ts'
import type { RiskBand } from '../../api/risk-bands.ts'
import type { Db } from '../../db/database.ts'
import type { AlertDecisionsTable } from '../../db/tables/alert-rules.ts'
import type { EarlierDecision } from './decide.ts'

export interface StoredDecision extends EarlierDecision {
  id: string
  ruleWords: string
  reason: string
  until: number | null
}

function fromRow(row: Selectable<AlertDecisionsTable>): StoredDecision {
  return {
    ...{ id: row.id, incidentId: row.incident_id, cameraId: row.camera_id, ruleId: row.rule_id, at: row.at },
    ...{ ruleWords: row.rule_words, code: row.code, reason: row.reason, until: row.until },
    ...{ outcome: row.outcome as StoredDecision['outcome'], band: row.band as RiskBand | null },
    ...{ verdict: row.verdict as Verdict, classes: JSON.parse(row.classes) as ObjectClass[] },
    ...{ people: JSON.parse(row.people) as string[], channels: JSON.parse(row.channels) as AlertChannel[] },
  }
}

/** Oldest first. */
export async function decisionsOf(db: Db, incidentId: string): Promise<StoredDecision[]> {
  const rows = await db
    .selectFrom('alert_decisions')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

/** The same of all parts of a visit; `rootId` is the one that began it. */
export async function decisionsOfVisit(db: Db, incidentId: string, rootId: string): Promise<StoredDecision[]> {
  const rows = await db
    .selectFrom('alert_decisions')
    .selectAll()
    .where(({ eb, or, selectFrom }) =>
      or([
        eb('incident_id', 'in', [incidentId, rootId]),
        eb('incident_id', 'in', selectFrom('incidents').select('id').where('part_of', '=', rootId)),
      ]),
    )
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

/** What was told of a camera since. */
export async function toldSince(db: Db, cameraId: string, since: number): Promise<StoredDecision[]> {
  const rows = await db
    .selectFrom('alert_decisions')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .where('outcome', '=', 'told')
    .where('at', '>', since)
    .execute()
  return rows.map(fromRow)
}

export async function insertDecisions(db: Db, decisions: readonly StoredDecision[]): Promise<void> {
  if (decisions.length === 0) return
  await db
    .insertInto('alert_decisions')
    .values(
      decisions.map((each) => ({
        ...{ id: each.id, incident_id: each.incidentId, camera_id: each.cameraId, rule_id: each.ruleId, at: each.at },
        ...{ rule_words: each.ruleWords, outcome: each.outcome, code: each.code, reason: each.reason },
        ...{ until: each.until, band: each.band, verdict: each.verdict, classes: JSON.stringify(each.classes) },
        ...{ people: JSON.stringify(each.people), channels: JSON.stringify(each.channels) },
      })),
    )
    .execute()
}

/** Incidents of which something waits, with the moment at which it is looked at again; what came later has settled it. */
export async function openHolds(db: Db): Promise<{ incidentId: string; until: number }[]> {
  const rows = await db
    .selectFrom('alert_decisions as held')
    .where('held.outcome', '=', 'held')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('alert_decisions as later')
            .select('later.id')
            .whereRef('later.incident_id', '=', 'held.incident_id')
            .whereRef('later.rule_id', '=', 'held.rule_id')
            .whereRef('later.id', '>', 'held.id'),
        ),
      ),
    )
    .groupBy('held.incident_id')
    .select(['held.incident_id as incidentId', ({ fn }) => fn.min('held.until').as('until')])
    .execute()
  return rows.map(({ incidentId, until }) => ({ incidentId, until: Number(until ?? 0) }))
}

export async function deleteDecisionsBefore(db: Db, at: number): Promise<void> {
  await db.deleteFrom('alert_decisions').where('at', '<', at).execute()
}

/** What waits of an incident that is gone can never be told. */
export async function deleteHolds(db: Db, incidentId: string): Promise<void> {
  await db.deleteFrom('alert_decisions').where('incident_id', '=', incidentId).where('outcome', '=', 'held').execute()
}

/** Names of people by id, of those who still have an account. */
export async function namesOf(db: Db, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('users')
    .select(['id', 'display_name as name'])
    .where('id', 'in', [...userIds])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
