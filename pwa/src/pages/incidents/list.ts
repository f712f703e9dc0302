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
    cursor = reply.nextCursor
    atEnd.value = cursor === null
    failure.value = null
  } catch (error) {
    if (own === turn) failure.value = asClientError(error)
  } finally {
    if (own === turn) loading.value = false
  }
}

/** Does the incident belong under these filters? */
export function matches(incident: Incident, { camera, class: kind, reviewed }: IncidentFilter): boolean {
  if (camera && incident.camera.id !== camera) return false
  if (kind && !incident.classes.some((each) => each.class === kind)) return false
  return reviewed === undefined || (reviewed === 'yes') === (incident.reviewedAt !== null)
}

listen('incident.changed', (incident) => {
  const known = list.value
  if (!known) return
  const shown = known.some(({ id }) => id === incident.id)
  // One that was just reviewed stays in sight until the next reading, rather than vanishing under the finger.
  if (shown || matches(incident, filter.value)) list.value = withIncident(known, incident)
})
