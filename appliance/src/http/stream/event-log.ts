import type { Permission } from '../../api/permissions.ts'
import type { Principal } from '../route.ts'

export interface LoggedEvent {
  seq: number
  needs: Permission
  /** What happened belongs to this camera; null: to none. */
  cameraId: string | null
  /** The message as it goes over the wire: made once, sent to everybody. */
  text: string
  /** Where the message itself depends on who reads it. */
  textFor: ((principal: Principal) => string) | null
}

export type EventAudience = Pick<LoggedEvent, 'needs' | 'cameraId'>

/** Writes the message; `principal` is null for everybody alike. */
export type ToText = (seq: number, principal: Principal | null) => string

export interface EventLog {
  /** Number of the newest event; 0 before the first. */
  readonly lastSeq: number
  add(audience: EventAudience, toText: ToText, dependsOnReader?: boolean): LoggedEvent
  /** Everything after `seq`, or null when some of it is forgotten already or has never been. */
  since(seq: number): readonly LoggedEvent[] | null
}

/** The last events of this server run, so that a phone that was away for a moment misses nothing. */
export function createEventLog(keep = 1_000): EventLog {
  const kept: LoggedEvent[] = []
  let lastSeq = 0
  return {
    get lastSeq() {
      return lastSeq
    },
    add({ needs, cameraId }, toText, dependsOnReader = false) {
      lastSeq += 1
      const seq = lastSeq
      const textFor = dependsOnReader ? (principal: Principal): string => toText(seq, principal) : null
      const event = { seq, needs, cameraId, text: toText(seq, null), textFor }
      kept.push(event)
      if (kept.length > keep) kept.shift()
      return event
    },
    since(seq) {
      const oldest = kept[0]?.seq ?? lastSeq + 1
      if (!Number.isInteger(seq) || seq < oldest - 1 || seq > lastSeq) return null
      return kept.slice(kept.length - (lastSeq - seq))
    },
  }
}
