import type { Audit, AuditEvent } from '../audit/types.ts'
import type { Trx } from '../db/database.ts'
import type { RequestContext } from '../http/route.ts'

type Entry = Pick<AuditEvent, 'type' | 'resource' | 'details'>

/** Writes into the record who did something to the plugs (SEC-E2). Names that somebody typed stay out of it. */
export interface Recorder {
  /** Part of the caller's transaction. */
  record(trx: Trx, by: RequestContext, entry: Entry): Promise<void>
  /** For what changes the device and nothing of ours. */
  note(by: RequestContext, entry: Entry): void
}

export function createRecorder(audit: Pick<Audit, 'record' | 'note'>): Recorder {
  const whole = ({ principal, address, userAgent }: RequestContext, entry: Entry): AuditEvent => ({
    ...{ who: principal, address, userAgent },
    ...entry,
  })
  return {
    record: (trx, by, entry) => audit.record(trx, whole(by, entry)),
    note: (by, entry) => audit.note(whole(by, entry)),
  }
}
