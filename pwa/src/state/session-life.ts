// Keeps the session of this browser alive while somebody uses it, and knows when it ends (SEC-A6, SEC-A8). All tabs share
// one session: what one of them learns, the others hear through localStorage, and only one of them at a time refreshes.
import { signal } from '@preact/signals'
import * as client from '../client.ts'
import { asClientError } from '../client-error.ts'
import type { CurrentSession } from '../wire.ts'
import { isUntouched } from './idle.ts'
import { dueAfter } from './session-times.ts'

interface Held {
  times: CurrentSession
  /** When the box said so, by the clock of this phone. */
  heardAt: number
}

/** When this session ends unless somebody says that they are there, by this phone's clock; null: no warning now. */
export const idleWarning = signal<number | null>(null)

const KEPT = 'lares.session'
const REFRESHING = 'lares.refreshing'
/** A refresh that a page left behind has come through by then, whatever the network. */
const SETTLED_MS = 3_000
/** Sleeping phones and tabs in the background run timers late: look at least this often. */
const LOOK_EVERY_MS = 60_000
const AFTER_FAILURE_MS = 10_000
const STAY_EVERY_MS = 2 * 60_000

let held: Held | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let usedAt = 0
let renewing: Promise<boolean> | null = null
let looking = false
let failed = false
let onOver: LifeHooks['over'] = () => undefined

export interface LifeHooks {
  /** The session has ended; the reason as the box gave it. */
  over: (reason: string | null) => void
  /** Somebody has signed in in another tab. */
  came: () => void
}

export function watchSession({ over, came }: LifeHooks): void {
  onOver = over
  for (const name of ['online', 'focus', 'pageshow']) addEventListener(name, () => void look())
  document.addEventListener('visibilitychange', () => void look())
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== KEPT) return
    if (newValue === null) void look(true)
    else if (held) take(read())
    else came()
  })
}

/** What the box has just said about this session. */
export function holdSession(times: CurrentSession): void {
  const news = { times, heardAt: Date.now() }
  localStorage.setItem(KEPT, JSON.stringify(news))
  take(news)
}

/** Whether this browser has been signed in, as far as it remembers. */
export function wasSignedIn(): boolean {
  return localStorage.getItem(KEPT) !== null
}

export function forgetSession(): void {
  clearTimeout(timer)
  held = null
  idleWarning.value = null
  localStorage.removeItem(KEPT)
}

/** The box has answered a call that somebody's touch stands behind. */
export function noteUse(): void {
  usedAt = Date.now()
}

/** Somebody touches the app: the box hears of it now and then, even when nothing is asked of it. */
export function noteTouch(): void {
  if (!held || held.times.idleEndsAt === null || idleWarning.value !== null) return
  if (Date.now() - usedAt < STAY_EVERY_MS) return
  noteUse()
  stay().catch(() => undefined)
}

/** "I am here." Throws a ClientError. */
export async function stay(): Promise<void> {
  holdSession(await client.staySignedIn())
}

/** New tokens, when the old ones are over or nearly so. */
export async function ensureFresh(): Promise<void> {
  if (held && dueAfter(held.times, since(held)).refreshInMs === 0) await renew()
}

/** Exchanges the refresh token; one at a time, in all tabs together. False when there is nothing to exchange any more. */
export function renew(): Promise<boolean> {
  const known = held?.heardAt ?? 0
  renewing ??= navigator.locks
    .request('lares.refresh', () => renewOnce(known))
    .finally(() => {
      renewing = null
    })
  return renewing
}

async function renewOnce(known: number): Promise<boolean> {
  if (!wasSignedIn()) return false
  await settle()
  const kept = read()
  // Another tab has done it while this one waited for its turn.
  if (kept && kept.heardAt > known && dueAfter(kept.times, since(kept)).refreshInMs > 0) {
    take(kept)
    return true
  }
  localStorage.setItem(REFRESHING, String(Date.now()))
  try {
    holdSession(await client.refreshSession())
    return true
  } catch (failure) {
    const error = asClientError(failure)
    if (error.status !== 401) throw error
    onOver(error.reason)
    return false
  } finally {
    localStorage.removeItem(REFRESHING)
  }
}

/** Each refresh token works once: a page that was left in the middle of an exchange is given time to get its answer. */
async function settle(): Promise<void> {
  const left = Number(localStorage.getItem(REFRESHING) ?? 0) + SETTLED_MS - Date.now()
  if (left > 0 && left <= SETTLED_MS) await new Promise((resolve) => setTimeout(resolve, left))
}

function read(): Held | null {
  return JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Held | null
}

function take(news: Held | null): void {
  if (!news) return
  held = news
  if (news.times.idleEndsAt === null || dueAfter(news.times, since(news)).warnInMs !== 0) idleWarning.value = null
  plan()
}

/** Never negative: a phone whose clock is set back does not live longer by it than what the box said. */
function since({ heardAt }: Held): number {
  return Math.max(0, Date.now() - heardAt)
}

function plan(): void {
  clearTimeout(timer)
  if (!held) return
  const { refreshInMs, warnInMs, endsInMs } = dueAfter(held.times, since(held))
  const warned = idleWarning.value !== null || warnInMs === null
  const next = Math.min(LOOK_EVERY_MS, refreshInMs, endsInMs, warned ? Infinity : warnInMs)
  timer = setTimeout(() => void look(), Math.max(failed ? AFTER_FAILURE_MS : 1_000, next))
}

/** Does what is due. What this phone believes is never enough to end or warn: the box is asked first. */
async function look(anyway = false): Promise<void> {
  if (!held || looking) return
  looking = true
  try {
    const due = dueAfter(held.times, since(held))
    if (due.endsInMs === 0) await askWhetherOver()
    else if (due.refreshInMs === 0) await renew()
    else if (due.warnInMs === 0 && idleWarning.value === null) await warn()
    else if (anyway) holdSession((await client.readMe()).session)
    failed = false
  } catch {
    failed = true
    // The box does not answer, or the call has said itself that the session is over. The next look tries again.
  } finally {
    looking = false
    plan()
  }
}

async function askWhetherOver(): Promise<void> {
  try {
    holdSession((await client.readMe()).session)
  } catch (failure) {
    // Nothing of the home stays on a screen that nobody watches, whether the box can be reached or not.
    if (asClientError(failure).status === 0) onOver('idle')
  }
}

async function warn(): Promise<void> {
  if (!isUntouched()) return await stay()
  const { session } = await client.readMe()
  holdSession(session)
  const due = dueAfter(session, 0)
  if (due.warnInMs === 0) idleWarning.value = Date.now() + due.endsInMs
}
