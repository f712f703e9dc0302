import type { Selectable } from 'kysely'
import type { ObjectClass } from '../../api/common.ts'
import { WEEKDAYS, type Expectation, type ExpectationBody } from '../../api/risk.ts'
import type { Db } from '../../db/index.ts'
import type { ExpectationsTable } from '../../db/tables/risk.ts'
import { clockOf, minuteOf } from '../../core/home-time.ts'

function fromRow(row: Selectable<ExpectationsTable>): Expectation {
  const days = JSON.parse(row.weekdays) as number[]
  return {
    ...{ id: row.id, name: row.name, who: row.who as Expectation['who'] },
    classes: JSON.parse(row.classes) as ObjectClass[],
    cameras: row.cameras === null ? null : (JSON.parse(row.cameras) as string[]),
    weekdays: days.map((day) => WEEKDAYS[day] ?? 'monday'),
    ...{ from: clockOf(row.from_minute), to: clockOf(row.to_minute) },
    ...{ enabled: row.enabled === 1, createdAt: row.created_at },
  }
}

function toColumns(body: ExpectationBody) {
  const { name, who, classes, cameras, weekdays, from, to, enabled } = body
  const days = new Set(weekdays.map((day) => WEEKDAYS.indexOf(day)))
  return {
    ...{ name, who, classes: JSON.stringify([...new Set(classes)]) },
    cameras: cameras && JSON.stringify([...new Set(cameras)]),
    weekdays: JSON.stringify([...days].sort((a, b) => a - b)),
    ...{ from_minute: minuteOf(from), to_minute: minuteOf(to), enabled: enabled ? (1 as const) : (0 as const) },
  }
}

export async function listExpectations(db: Db): Promise<Expectation[]> {
  const rows = await db.selectFrom('expectations').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map(fromRow)
}

export async function insertExpectation(db: Db, id: string, body: ExpectationBody, now: number): Promise<void> {
  await db
    .insertInto('expectations')
    .values({ id, created_at: now, ...toColumns(body) })
    .execute()
}

/** False when there is none with this id. */
export async function updateExpectation(db: Db, id: string, body: ExpectationBody): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('expectations')
    .set(toColumns(body))
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** False when there is none with this id. */
export async function deleteExpectation(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('expectations').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
