import { LaresError, messageOf, systemCodeOf, type ErrorKind } from '../core/errors.ts'

interface Meaning {
  kind: ErrorKind
  code: string
  words: string
}

/** SQLite result code → who must act. Anything else is our mistake. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  SQLITE_FULL: {
    kind: 'unavailable',
    code: 'DISK_FULL',
    words: 'The disk is full, so nothing can be stored. Free some space and try again.',
  },
  SQLITE_READONLY: {
    kind: 'unavailable',
    code: 'DISK_READ_ONLY',
    words: 'The disk cannot be written, so nothing can be stored.',
  },
  SQLITE_IOERR: { kind: 'unavailable', code: 'DISK_FAILED', words: 'The disk reports an error.' },
  SQLITE_CANTOPEN: {
    kind: 'unavailable',
    code: 'DATABASE_UNREACHABLE',
    words: 'The database file cannot be opened.',
  },
  SQLITE_BUSY: { kind: 'unavailable', code: 'DATABASE_BUSY', words: 'The database is busy. Try again in a moment.' },
  SQLITE_CORRUPT: { kind: 'unavailable', code: 'DATABASE_DAMAGED', words: 'The database file is damaged.' },
  SQLITE_NOTADB: { kind: 'unavailable', code: 'DATABASE_DAMAGED', words: 'The database file is damaged.' },
}

function constraintMeaning(message: string): Meaning {
  if (/UNIQUE|PRIMARY KEY/.test(message))
    return { kind: 'conflict', code: 'ALREADY_EXISTS', words: 'Something with these values exists already.' }
  if (/FOREIGN KEY/.test(message))
    return { kind: 'conflict', code: 'REFERENCE_GONE', words: 'This refers to something that does not exist any more.' }
  return { kind: 'internal', code: 'CONSTRAINT', words: 'A stored value breaks a rule of the database.' }
}

/** Turns what the driver throws into a LaresError; the driver's text stays as cause, for the log. */
export function toLaresError(error: unknown): LaresError {
  if (error instanceof LaresError) return error
  // Extended codes look like SQLITE_CONSTRAINT_UNIQUE or SQLITE_IOERR_WRITE.
  const base = (systemCodeOf(error) ?? '').split('_').slice(0, 2).join('_')
  const meaning = base === 'SQLITE_CONSTRAINT' ? constraintMeaning(messageOf(error)) : MEANINGS[base]
  if (!meaning)
    return new LaresError('internal', `The database refused a statement: ${messageOf(error)}`, { cause: error })
  return new LaresError(meaning.kind, meaning.words, { code: meaning.code, cause: error })
}
