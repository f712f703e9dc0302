import type { AuditEntry } from '../api/audit.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import { auditRoutes } from './routes.ts'
import { insertEntries, listEntries } from './store.ts'
import type { Audit, AuditEvent } from './types.ts'

export type * from './types.ts'

interface Deps {
  database: Database
  clock: Clock
  log: Log
}

const WRITE_AFTER_MS = 250
/** A flood of refusals fills neither disk nor memory: beyond this many a second they are only counted. */
const MOST_NOTES_A_SECOND = 10
const LONGEST_USER_AGENT = 256

function entryOf(event: AuditEvent, at: number): AuditEntry {
  const { who } = event
  return {
    id: newId(at),
    at,
    type: event.type,
    severity: event.severity ?? 'INFO',
    userId: who?.userId ?? null,
    username: who?.username ?? null,
    role: who?.role ?? null,
    sessionId: who?.sessionId ?? null,
    address: event.address ?? null,
    userAgent: event.userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
    resource: event.resource ?? null,
    details: { ...event.details },
  }
}

/** Gathers notes and writes them together. */
function createNotebook({ database, clock, log }: Deps, onNoted: (entry: AuditEntry) => void) {
  let waiting: AuditEntry[] = []
  let cancel: (() => void) | null = null
  let second = { startsAt: 0, taken: 0, left: 0 }
  let writing: Promise<void> = Promise.resolve()

  function write(): Promise<void> {
    cancel?.()
    cancel = null
    const batch = waiting
    waiting = []
    if (batch.length > 0)
      writing = writing
        .then(() => insertEntries(database.writer, batch))
        .catch((error: unknown) => log.error({ err: messageOf(error), count: batch.length }, 'Cannot write the record'))
    return writing
  }

  return {
    write,
    add(event: AuditEvent): void {
      const now = clock.now()
      if (Math.abs(now - second.startsAt) >= 1_000) second = { startsAt: now, taken: 0, left: second.left }
      if (second.taken >= MOST_NOTES_A_SECOND) return void (second.left += 1)
      const leftOut = second.left
      second = { ...second, taken: second.taken + 1, left: 0 }
      const details = leftOut > 0 ? { ...event.details, leftOutBefore: leftOut } : event.details
      const entry = entryOf({ ...event, ...(details ? { details } : {}) }, now)
      waiting.push(entry)
      onNoted(entry)
      cancel ??= clock.after(WRITE_AFTER_MS, () => void write())
    },
  }
}

/** The record of who did what (SEC-E1, E2): rows are added, never changed. */
export function createAudit(deps: Deps): Audit {
  const { database, clock } = deps
  const listeners = new Set<(entry: AuditEntry) => void>()
  const tell = (entry: AuditEntry): void => listeners.forEach((listener) => listener(entry))
  const notebook = createNotebook(deps, tell)
  return {
    routes: auditRoutes(async (query) => {
      // Whoever was just told that something is done finds it here.
      await notebook.write()
      const entries = await listEntries(database.reader, query)
      const last = entries.length === query.limit ? entries.at(-1) : undefined
      return { entries, next: last?.id ?? null }
    }),
    async record(trx, event) {
      const entry = entryOf(event, clock.now())
      await insertEntries(trx, [entry])
      if (listeners.size > 0) database.afterCommit(trx, () => tell(entry))
    },
    onEntry(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    note: (event) => notebook.add(event),
    stop: () => notebook.write(),
  }
}
