import type { QuietHours, Snooze } from '../../api/alert-rules.ts'
import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import { maySeeCamera, type Principal, type RequestContext } from '../../http/route.ts'
import type { Settings } from '../../settings/types.ts'
import { deleteSnooze, deleteSnoozesOver, EVERY_CAMERA, saveSnooze, snoozesAt } from '../told/snooze-store.ts'
import { quietTimes } from '../settings.ts'

interface Deps {
  database: Database
  clock: Clock
  settings: Settings
  audit: Pick<Audit, 'record'>
}

const MINUTE_MS = 60_000

function whoAsks({ principal }: RequestContext): Principal {
  if (principal === null) throw new LaresError('unauthenticated', 'Sign in first.')
  return principal
}

/** Quiet hours of the home, and peace for one person. */
export function createPeace({ database, clock, settings, audit }: Deps) {
  async function snoozes(request: RequestContext): Promise<Snooze[]> {
    const principal = whoAsks(request)
    const all = await snoozesAt(database.writer, clock.now())
    return all
      .filter(({ userId }) => userId === principal.userId || principal.permissions.has('incidents.view'))
      .filter(({ cameraId }) => cameraId === EVERY_CAMERA || maySeeCamera(principal, cameraId))
      .map(({ cameraId, until, userName, userId }) => ({
        ...{ cameraId: cameraId === EVERY_CAMERA ? null : cameraId, until },
        ...{ by: userName, own: userId === principal.userId },
      }))
  }

  return {
    snoozes,
    quietHours: (): QuietHours => ({ times: settings.get(quietTimes) }),
    async setQuietHours(request: RequestContext, { times }: QuietHours): Promise<QuietHours> {
      const { principal: who, address, userAgent } = request
      await database.transaction(async (trx) => {
        await settings.set(quietTimes, times, trx)
        await audit.record(trx, { type: 'alert_options_changed', who, address, userAgent, resource: 'quiet-hours' })
      })
      return { times: settings.get(quietTimes) }
    },
    async snooze(request: RequestContext, cameraId: string | null, minutes: number): Promise<Snooze[]> {
      const principal = whoAsks(request)
      if (cameraId !== null && !maySeeCamera(principal, cameraId))
        throw new LaresError('not-found', 'There is no such camera.')
      if (principal.kind === 'api-key')
        throw new LaresError('forbidden', 'A program gets no alerts; a person snoozes their own.')
      const now = clock.now()
      const snooze = { cameraId: cameraId ?? EVERY_CAMERA, until: now + minutes * MINUTE_MS }
      await database.transaction(async (trx) => {
        await deleteSnoozesOver(trx, now)
        await saveSnooze(trx, principal.userId, snooze)
      })
      return snoozes(request)
    },
    async wake(request: RequestContext, cameraId: string | null): Promise<Snooze[]> {
      if (!(await deleteSnooze(database.writer, whoAsks(request).userId, cameraId ?? EVERY_CAMERA)))
        throw new LaresError('not-found', 'This snooze is over already.')
      return snoozes(request)
    },
  }
}
