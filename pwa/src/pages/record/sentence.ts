// A line of the record as a person would say it. Pure.
import { care } from '../../text/people.ts'
import type { AuditEntry } from '../../wire-people.ts'

const words = care.record

/** What ids are called now; what is gone has only what the record kept of it. */
export type Names = ReadonlyMap<string, string>

const textIn = (details: AuditEntry['details'], ...names: readonly string[]): string | null => {
  const found = names.map((name) => details[name]).find((value) => typeof value === 'string' && value !== '')
  return typeof found === 'string' ? found : null
}

export function sentenceOf(entry: AuditEntry, names: Names): string {
  const kind = words.kinds[entry.type]
  if (!kind) return words.unknown(entry.type)
  return kind.say({ who: whoOf(entry, names), whom: whomOf(entry, names), from: entry.address })
}

export function whoOf({ userId, username }: AuditEntry, names: Names): string {
  return (userId !== null ? names.get(userId) : undefined) ?? username ?? words.somebody
}

function whomOf({ resource, userId, details }: AuditEntry, names: Names): string | null {
  if (resource === null) return null
  const [kind, ...rest] = resource.split(':')
  const id = rest.join(':')
  if (kind === 'user' && id === userId) return null
  const name = names.get(id) ?? textIn(details, 'displayName', 'name', 'username')
  if (name !== null) return name
  // Settings are known by their name alone; the id of anything else tells a person nothing.
  return kind === 'setting' ? id : kind === 'user' ? words.gone : null
}
