import type { Db } from '../../db/index.ts'

const IDS_AT_ONCE = 500

/** Those that the rules found unusual for their hour. */
export async function listUnusual(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const rows = await db
      .selectFrom('incident_assessments')
      .select('incident_id')
      .where('incident_id', 'in', ids.slice(from, from + IDS_AT_ONCE))
      .where('rules_factors', 'like', '%"code":"unusual%')
      .execute()
    for (const { incident_id: id } of rows) found.add(id)
  }
  return found
}
