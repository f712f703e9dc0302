import { alertRuleBody, type AlertRuleBody } from '../../api/alert-rules.ts'
import type { Db } from '../../db/database.ts'

export interface StoredRule extends AlertRuleBody {
  id: string
  createdAt: number
  updatedAt: number
}

/** In the order in which they were made. */
export async function listRules(db: Db): Promise<StoredRule[]> {
  const rows = await db.selectFrom('alert_rules').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map((row) => ({
    ...alertRuleBody.parse({ ...(JSON.parse(row.definition) as object), enabled: row.enabled === 1 }),
    ...{ id: row.id, createdAt: row.created_at, updatedAt: row.updated_at },
  }))
}

const columnsOf = (rule: AlertRuleBody) => ({
  enabled: rule.enabled ? (1 as const) : (0 as const),
  definition: JSON.stringify(rule),
})

export async function insertRule(db: Db, id: string, rule: AlertRuleBody, at: number): Promise<void> {
  await db
    .insertInto('alert_rules')
    .values({ id, ...columnsOf(rule), created_at: at, updated_at: at })
    .execute()
}

/** False when there is none. */
export async function updateRule(db: Db, id: string, rule: AlertRuleBody, at: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('alert_rules')
    .set({ ...columnsOf(rule), updated_at: at })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteRule(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('alert_rules').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
