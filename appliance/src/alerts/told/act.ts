import type { Accounts } from '../../accounts/types.ts'
import type { Permission } from '../../api/permissions.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import type { NoticeAction } from '../notice.ts'
import { homeClock } from '../../core/home-time.ts'
import { noteTargetShown } from '../push/target-store.ts'
import { findTold, noteActed, noteReport, type ToldEntry } from './history-store.ts'
import { saveSnooze } from './snooze-store.ts'

export interface ActDeps {
  database: Database
  clock: Clock
  accounts: Pick<Accounts, 'audience'>
  /** Marks an incident as expected, in somebody's name. */
  markExpected(incidentId: string, userId: string): Promise<void>
  /** Resolves with the name of the plug once it confirmed. */
  switchOn(plugId: string): Promise<string>
  timeZone(): string
  /** A phone answered. */
  onAnswer(): void
}

export interface Acting {
  act(entryId: string, action: NoticeAction): Promise<{ title: string; body: string }>
  /** `id` is that of a row, or of a browser that got a test. */
  report(id: string, what: 'shown' | 'opened'): Promise<void>
}

const SNOOZE_MS = 60 * 60 * 1000

export function createActing(deps: ActDeps): Acting {
  const { database, clock } = deps

  /** What they were allowed when it was sent may have ended since. */
  async function actor(entry: ToldEntry, needs: Permission, cameraId: string | null): Promise<string> {
    const { actsAs } = entry
    const people = await deps.accounts.audience(database.reader, needs, cameraId)
    if (actsAs !== null && people.includes(actsAs)) return actsAs
    throw new LaresError('forbidden', 'Your account may not do this.', { details: { needs } })
  }

  async function snooze(entry: ToldEntry): Promise<{ title: string; body: string }> {
    const { userId, cameraId } = entry
    if (userId === null) throw noSuchAction()
    const until = clock.now() + SNOOZE_MS
    await saveSnooze(database.writer, userId, { cameraId: cameraId ?? '', until })
    const body = `You hear nothing more of ${cameraId === null ? 'this' : 'this camera'} until then, unless it is critical.`
    return { title: `Quiet until ${homeClock(until, deps.timeZone())}`, body }
  }

  async function expected(entry: ToldEntry): Promise<{ title: string; body: string }> {
    if (entry.incidentId === null) throw noSuchAction()
    const userId = await actor(entry, 'incidents.review', entry.cameraId)
    await deps.markExpected(entry.incidentId, userId)
    return { title: 'Marked as expected', body: 'Lares learns from it.' }
  }

  async function light(entry: ToldEntry): Promise<{ title: string; body: string }> {
    if (entry.lightPlugId === null) throw noSuchAction()
    await actor(entry, 'devices.control', null)
    const name = await deps.switchOn(entry.lightPlugId)
    return { title: `${name} is on`, body: 'Switched on from the notification.' }
  }

  const does: Record<NoticeAction, (entry: ToldEntry) => Promise<{ title: string; body: string }>> = {
    ...{ snooze, expected, light },
  }

  return {
    async act(entryId, action) {
      const entry = await findTold(database.reader, entryId)
      if (!entry?.actions.includes(action)) throw noSuchAction()
      // A phone that was signed out or taken off the list does nothing more, whatever it still shows.
      if (entry.channel === 'push' && entry.targetId === null) throw noSuchAction()
      const words = await does[action](entry)
      await noteActed(database.writer, entryId, action, clock.now())
      return words
    },
    async report(id, what) {
      const now = clock.now()
      await database.transaction(async (trx) => {
        await noteReport(trx, id, what, now)
        const entry = await findTold(trx, id)
        await noteTargetShown(trx, entry?.targetId ?? id, now)
      })
      deps.onAnswer()
    },
  }
}

function noSuchAction(): LaresError {
  return new LaresError('not-found', 'This can no longer be done from the notification. Open the app.')
}
