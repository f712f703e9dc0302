import { LaresError } from '../core/errors.ts'

/** What a statement may be given. The driver would store `true` as 1 and a Date as milliseconds without a word: we refuse. */
export type BindValue = string | number | bigint | null | Uint8Array

function kindOf(value: unknown): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return null
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'a number that is not finite'
  if (value instanceof Uint8Array) return null
  if (typeof value === 'boolean') return 'a boolean (store 0 or 1)'
  if (value === undefined) return 'undefined (leave the column out or store null)'
  if (value instanceof Date) return 'a Date (store epoch milliseconds)'
  return `a ${typeof value} (store JSON text)`
}

/** Throws `internal` naming the position of the first value that has no exact form in every database. */
export function checkBindValues(values: readonly unknown[]): readonly BindValue[] {
  values.forEach((value, index) => {
    const wrong = kindOf(value)
    if (wrong) throw new LaresError('internal', `Database value ${index + 1} is ${wrong}.`, { code: 'BAD_BIND_VALUE' })
  })
  return values as readonly BindValue[]
}
