// How many incidents wait to be looked at: on the icon of the app, and on its place in the bar. Others of the household
// review too, so it is asked anew whenever one has changed.
import * as client from '../client.ts'
import { listen } from '../stream.ts'
import { createResource, onForget } from './resource.ts'
import { may } from './session.ts'

const ASK_AFTER_MS = 800

let waiting: ReturnType<typeof setTimeout> | undefined

export const unreviewed = createResource(async () => {
  const reply = await client.readUnreviewed()
  showBadge(reply.unreviewed)
  return reply
})

/** Whoever may see no incidents has no number. */
export function loadUnreviewed(): void {
  if (may('incidents.view')) void unreviewed.load()
}

listen('incident.changed', () => {
  clearTimeout(waiting)
  waiting = setTimeout(loadUnreviewed, ASK_AFTER_MS)
})

// The next person on this phone sees nothing of it.
onForget(() => {
  clearTimeout(waiting)
  showBadge(0)
})

/** Not every browser has a badge, and some have it only for an installed app. */
function showBadge(count: number): void {
  const badge = navigator as Partial<Pick<Navigator, 'setAppBadge' | 'clearAppBadge'>>
  const shown = count === 0 ? badge.clearAppBadge?.() : badge.setAppBadge?.(count)
  shown?.catch(() => undefined)
}
