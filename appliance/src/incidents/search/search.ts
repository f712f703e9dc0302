import type { IncidentsFilter } from '../../api/incidents.ts'
import { LaresError } from '../../core/errors.ts'
import type { Db } from '../../db/index.ts'
import type { StoredIncident } from '../store.ts'
import type { VisibleCameras } from '../types.ts'
import { isUnfiltered, matchOf } from './match.ts'
import { countByQuarter, isPreparing, listAll, listMatching, wordsBeginning, type Piece } from './search-store.ts'
import { wordsIn } from './words.ts'

const MOST_WORDS = 8
/** Of a beginning that more words have, the rest is found when one types on. */
const MOST_BEGINNINGS = 128
/** So much may wait after a busy second; more is left over from an update. */
const USUALLY_DUE = 200

export const isBeingPrepared = (db: Db): Promise<boolean> => isPreparing(db, USUALLY_DUE)

/** For each word of a text, those of the index that begin like it; a text without any word is found nowhere. */
async function beginnings(db: Db, text: string | undefined): Promise<string[][]> {
  if (text === undefined) return []
  const typed = [...new Set(wordsIn(text))].slice(0, MOST_WORDS)
  if (typed.length === 0) return [[]]
  return Promise.all(typed.map((word) => wordsBeginning(db, word, MOST_BEGINNINGS)))
}

const matchFor = async (db: Db, filter: IncidentsFilter, visible: VisibleCameras): Promise<string | null> =>
  matchOf(filter, await beginnings(db, filter.q), visible)

/** A page of what fits, newest first. What was not prepared yet is only missed by filters, never by the plain list. */
export async function findIncidents(
  db: Db,
  filter: IncidentsFilter,
  visible: VisibleCameras,
  piece: Pick<Piece, 'limit' | 'before'>,
): Promise<StoredIncident[]> {
  const range: Piece = { ...piece, from: filter.from, until: filter.until }
  if (visible?.size === 0) return []
  if (isUnfiltered(filter) && (visible === null || (await isBeingPrepared(db)))) return listAll(db, visible, range)
  const match = await matchFor(db, filter, visible)
  return match === null ? [] : listMatching(db, match, visible, range)
}

/** How many fit, by quarters of an hour. */
export async function countIncidents(
  db: Db,
  filter: IncidentsFilter,
  visible: VisibleCameras,
  range: { from: number; until: number },
): Promise<{ at: number; count: number }[]> {
  const match = visible?.size === 0 ? null : await matchFor(db, filter, visible)
  return match === null ? [] : countByQuarter(db, match, visible, range)
}

/** Where a page of the list ended. Opaque to the app. */
export const encodeCursor = (place: number): string => Buffer.from(`p${place}`).toString('base64url')

/** Throws `invalid` for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): number {
  const match = /^p(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  const place = Number(match?.[1])
  if (!Number.isSafeInteger(place))
    throw new LaresError('invalid', 'This page of the list does not exist. Begin again at the top.', {
      details: { field: 'cursor' },
    })
  return place
}
