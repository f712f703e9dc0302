// What the worker tells the box without a session: by paths that were signed for one purpose each.
import { LOOK } from './notification.ts'
import type { FullOptions } from './notification.ts'

/** That something was shown or opened. A phone that is away from home cannot say it, and that is fine. */
export async function report(path: string | null | undefined): Promise<void> {
  if (path) await fetch(path, { method: 'POST', keepalive: true }).catch(() => undefined)
}

/** Does what a notification offered, and shows in its place what came of it. */
export async function act(registration: ServiceWorkerRegistration, before: Notification, run: string): Promise<void> {
  const { title, body } = await ask(run)
  const options: FullOptions = {
    ...LOOK,
    body,
    tag: before.tag,
    lang: 'en',
    silent: true,
    data: before.data as unknown,
  }
  await registration.showNotification(title, options)
}

async function ask(run: string): Promise<{ title: string; body: string }> {
  const title = 'That did not work'
  try {
    const response = await fetch(run, { method: 'POST' })
    const answer = (await response.json()) as { title?: string; body?: string; message?: string }
    if (response.ok && answer.title !== undefined) return { title: answer.title, body: answer.body ?? '' }
    return { title, body: answer.message ?? 'Tap to open Lares.' }
  } catch {
    return { title, body: 'Lares can’t be reached from where this phone is. Tap to open it.' }
  }
}
