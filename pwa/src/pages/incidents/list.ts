// The list of incidents, its filters, and which of them are chosen.
import { signal } from '@preact/signals'
import * as client from '../../client.ts'
import type { IncidentFilter } from '../../client.ts'
import { withIncident } from '../../state/incident-list.ts'
import { createPagedList } from '../../state/paged-list.ts'
import { onForget } from '../../state/resource.ts'
import { listen } from '../../stream.ts'
import type { Incident } from '../../wire.ts'

export const filter = signal<IncidentFilter>({})
export const unreviewed = signal(0)
/** After an update: filters miss what was not prepared yet. */
export const preparing = signal(false)
/** Which are chosen to be marked; null: nobody is choosing. */
export const selection = signal<ReadonlySet<string> | null>(null)

/** New ones appear on top by themselves. */
export const pages = createPagedList<Incident>({
  ...{ pageSize: 30, longestPage: 100 },
  async read(limit, from) {
    const asked = filter.value
    const reply = await client.readIncidents(asked, limit, from)
    if (asked === filter.value) {
      unreviewed.value = reply.unreviewed
      preparing.value = reply.preparing
    }
    return { items: reply.incidents, next: reply.nextCursor }
  },
})
export const list = pages.items

/** The next person begins with nothing. */
onForget(() => {
  filter.value = {}
  selection.value = null
  unreviewed.value = 0
})

export function setFilter(next: IncidentFilter): void {
  filter.value = next
  pages.restart()
}

const among = (chosen: string | undefined, values: readonly (string | null | undefined)[]): boolean =>
  chosen === undefined || chosen.split(',').some((each) => values.includes(each))

/** Does the incident belong under these filters? Words are looked for by the box alone: then it is not known. */
export function matches(incident: Incident, filter: IncidentFilter): boolean {
  const { q, from, until, reviewed, starred } = filter
  return (
    q === undefined &&
    among(filter.camera, [incident.camera.id]) &&
    among(
      filter.class,
      incident.classes.map((each) => each.class),
    ) &&
    among(
      filter.zone,
      incident.zones.map(({ id }) => id),
    ) &&
    among(filter.band, [incident.risk?.band]) &&
    among(filter.verdict, [incident.verdict]) &&
    among(filter.feedback, [incident.feedback]) &&
    (reviewed === undefined || (reviewed === 'yes') === (incident.reviewedAt !== null)) &&
    (starred === undefined || incident.starred) &&
    incident.openedAt >= Number(from ?? 0) &&
    incident.openedAt < Number(until ?? Infinity)
  )
}

/** A filter with one thing changed; undefined takes it off. */
export function change(part: { [Name in keyof IncidentFilter]?: IncidentFilter[Name] | undefined }): void {
  const next = { ...filter.value, ...part }
  setFilter(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== '')))
}

/** Chooses one more of several values, or one less. */
export function toggled(chosen: string | undefined, value: string): string | undefined {
  const known = chosen === undefined ? [] : chosen.split(',')
  const next = known.includes(value) ? known.filter((each) => each !== value) : [...known, value]
  return next.length === 0 ? undefined : next.join(',')
}

export function toggleSelected(id: string): void {
  const next = new Set(selection.value)
  if (!next.delete(id)) next.add(id)
  selection.value = next
}

listen('incident.changed', (incident) => {
  const known = list.value
  if (!known) return
  const shown = known.some(({ id }) => id === incident.id)
  // One that was just reviewed stays in sight until the next reading, rather than vanishing under the finger.
  if (shown || matches(incident, filter.value)) list.value = withIncident(known, incident)
})
