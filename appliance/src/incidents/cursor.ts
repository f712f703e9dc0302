import { LaresError } from '../core/errors.ts'

/** Where a page of the list ended. Opaque to the app. */
export interface Place {
  openedAt: number
  id: string
}

export function encodeCursor({ openedAt, id }: Place): string {
  return Buffer.from(`${openedAt}.${id}`).toString('base64url')
}

/** Throws `invalid` for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): Place {
  const match = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (!match)
    throw new LaresError('invalid', 'This page of the list does not exist. Begin again at the top.', {
      details: { field: 'cursor' },
    })
  return { openedAt: Number(match[1]), id: match[2] ?? '' }
}
