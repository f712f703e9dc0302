// The list of incidents: pages by cursor, as long as the person scrolls; new ones appear on top by themselves.
import { signal } from '@preact/signals'
import * as client from '../../client.ts'
import type { IncidentFilter } from '../../client.ts'
import { asClientError } from '../../client-error.ts'
import type { ClientError } from '../../client-error.ts'
import { withIncident } from '../../state/incident-list.ts'
import { onForget } from '../../state/resource.ts'
import { listen } from '../../stream.ts'
import type { Incident } from '../../wire.ts'

const PAGE = 30
/** The longest page that the box gives. */
const LONGEST_PAGE = 100

export const filter = signal<IncidentFilter>({})
export const list = signal<Incident[] | null>(null)
export const unreviewed = signal(0)
/** After an update: filters miss what was not prepared yet. */
export const preparing = signal(false)
/** Which are chosen to be marked; null: nobody is choosing. */
export const selection = signal<ReadonlySet<string> | null>(null)
export const failure = signal<ClientError | null>(null)
export const loading = signal(false)
export const atEnd = signal(false)
let cursor: string | null = null
let turn = 0

/** Begins anew from the top: what is shown stays until the answer is there, and who had scrolled down keeps their place. */
export async function readFirst(): Promise<void> {
  const shown = list.value?.length ?? 0
  await readPage(++turn, undefined, Math.min(Math.max(shown, PAGE), LONGEST_PAGE))
}

/** The next page, unless one is on its way, there is none, or the last one failed: that is tried again by a tap. */
export async function readMore(): Promise<void> {
  if (loading.value || atEnd.value || cursor === null || failure.value) return
  await readPage(turn, cursor, PAGE)
}

/** The next person begins with nothing. */
onForget(() => {
  turn += 1
  filter.value = {}
  list.value = null
  selection.value = null
  unreviewed.value = 0
})

export function setFilter(next: IncidentFilter): void {
  filter.value = next
  list.value = null
  cursor = null
  atEnd.value = false
  void readFirst()
}

async function readPage(own: number, from: string | undefined, limit: number): Promise<void> {
  loading.value = true
  try {
    const reply = await client.readIncidents(filter.value, limit, from)
    if (own !== turn) return
    list.value = from ? [...(list.value ?? []), ...reply.incidents] : reply.incidents
    unreviewed.value = reply.unreviewed
    preparing.value = reply.preparing
    cursor = reply.nextCursor
    atEnd.value = cursor === null
    failure.value = null
  } catch (error) {
    if (own === turn) failure.value = asClientError(error)
  } finally {
    if (own === turn) loading.value = false
  }
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
