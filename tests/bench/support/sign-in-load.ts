import type { HttpsClient } from '../../harness/https-client.ts'

/** Somebody whose password is enough: the load is hashing, not six digits. */
export interface Visitor {
  browser: HttpsClient
  username: string
}

export interface Load {
  /** Milliseconds until the answer, of those that were let in. */
  tookMs: number[]
  /** Sent away because too many waited already (503 BUSY). */
  sentAway: number
  /** Status codes of all the others; 0: no answer. */
  failed: number[]
  /** Their turn came too late: as many as may were under way all the time. */
  leftOver: number
  /** From the first sign-in to the last answer. */
  lastedMs: number
}

export const PASSWORD = 'Tulpe-9-Kanone-Ofen'
const LOOK_EVERY_MS = 5
/** The box takes 200 connections from one address. */
const MOST_UNDER_WAY = 150

/** Accounts of viewers by invitation, each in a browser of its own; `administrator` has a fresh second factor. */
export async function inviteVisitors(
  administrator: HttpsClient,
  open: () => HttpsClient,
  count: number,
): Promise<Visitor[]> {
  const visitors: Visitor[] = []
  for (let n = 0; n < count; n++) {
    const wish = { role: 'viewer', displayName: `Visitor ${n}` }
    const { link } = await administrator.must<{ link: string }>('POST', '/api/invitations', wish)
    const [browser, username] = [open(), `visitor${n}`]
    const who = { token: link.split('#')[1], username, displayName: wish.displayName, password: PASSWORD }
    await browser.must('POST', '/api/invitations/accept', who)
    visitors.push({ browser, username })
  }
  return visitors
}

/**
 * So many sign-ins a second, whether the earlier ones are answered or not: people do not wait for each other. Their time
 * counts from when they wanted in.
 */
export async function signInAtRate(visitors: readonly Visitor[], perS: number, seconds: number): Promise<Load> {
  const load: Load = { tookMs: [], sentAway: 0, failed: [], leftOver: 0, lastedMs: 0 }
  const startedAt = performance.now()
  const elapsedS = (): number => (performance.now() - startedAt) / 1_000
  const underWay = new Set<Promise<void>>()
  let begun = 0

  async function signIn({ browser, username }: Visitor, dueMs: number): Promise<void> {
    const answer = browser.call('POST', '/api/session', { username, password: PASSWORD })
    const status = await answer.then((given) => given.status).catch(() => 0)
    if (status === 200) load.tookMs.push(performance.now() - startedAt - dueMs)
    else if (status === 503) load.sentAway += 1
    else load.failed.push(status)
  }

  while (elapsedS() < seconds) {
    while (begun < Math.floor(elapsedS() * perS) && underWay.size < MOST_UNDER_WAY) {
      const one = signIn(visitors[begun % visitors.length] as Visitor, (begun * 1_000) / perS)
      underWay.add(one)
      void one.finally(() => underWay.delete(one))
      begun += 1
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  load.leftOver = Math.floor(seconds * perS) - begun
  await Promise.all(underWay)
  load.lastedMs = elapsedS() * 1_000
  return load
}
