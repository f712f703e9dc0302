import type { CameraView, ViewState } from '../../api/views.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Database, Db, Trx } from '../../db/index.ts'
import type { Events } from '../../events.ts'
import type { RequestContext } from '../../http/route.ts'
import type { Frame } from '../../media/index.ts'
import type { Settings } from '../../settings/index.ts'
import type { NoticeBoard } from '../notice.ts'
import { VIEW_WATCH } from '../settings.ts'
import { createViewEye } from './view-eye.ts'
import { deleteViews, listViews, putViews } from './view-store.ts'
import type { Reference } from './view-watch.ts'

export interface ViewsDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  notices: NoticeBoard
  /** null: there is no such camera. */
  cameraName(id: string): string | null
  /** Writes down who said that a view is the right one. */
  recordChange(trx: Trx, what: string, request: RequestContext): Promise<void>
}

/** Watches whether each camera still shows what it used to, tells when it does not, and remembers how it looked. */
export interface Views {
  start(): Promise<void>
  stop(): Promise<void>
  see(frame: Frame): void
  forget(cameraId: string): void
  list(): CameraView[]
  /** From now on it is to look as it does now. Throws `not-found`, and `unavailable` while there are no pictures. */
  accept(request: RequestContext, cameraId: string): Promise<CameraView>
}

const SAVE_EVERY_MS = 10 * 60_000

type Trouble = Exclude<ViewState, 'fine'>
const WORDS: Readonly<Record<Trouble, { title: string; detail: string }>> = {
  covered: {
    title: 'is covered',
    detail:
      'Its picture has turned into one plain area at once. Look whether something hangs in front of it or sticks to the lens.',
  },
  blurred: {
    title: 'is out of focus',
    detail: 'Its picture has lost its sharpness at once. Look whether the lens is dirty or was turned.',
  },
  moved: {
    title: 'shows another view',
    detail:
      'What it shows does not fit to what it showed before. Look whether somebody turned it. If you did, say so on its page.',
  },
}

interface Watched {
  eye: ReturnType<typeof createViewEye>
  said: ViewState
  since: number | null
  savedAt: number
}

export function createViews(deps: ViewsDeps): Views {
  const { database, clock, bus, settings, notices, cameraName } = deps
  const log = deps.log.child({ part: 'views' })
  const watched = new Map<string, Watched>()
  let stored: Map<string, Reference[]> | null = null
  let stopListening: (() => void) | null = null
  const noticeId = (cameraId: string): string => `camera-view.${cameraId}`
  const viewOf = (cameraId: string, { said, since }: Watched): CameraView => ({ cameraId, state: said, since })

  function watchOf(cameraId: string, references: Map<string, Reference[]>): Watched {
    const known = watched.get(cameraId)
    if (known) return known
    const fresh = { eye: createViewEye(references.get(cameraId) ?? []), said: 'fine', since: null } as const
    const watch: Watched = { ...fresh, savedAt: clock.monotonic() }
    watched.set(cameraId, watch)
    return watch
  }

  function tell(cameraId: string, watch: Watched): void {
    const state = watch.eye.watch.state()
    if (state === watch.said) return
    watch.said = state
    watch.since = state === 'fine' ? null : clock.now()
    log[state === 'fine' ? 'info' : 'warn']({ cameraId, state }, 'What a camera shows')
    bus.emit('camera.view-changed', viewOf(cameraId, watch))
    if (state === 'fine') return notices.clear(noticeId(cameraId))
    const { title, detail } = WORDS[state]
    const words = { title: `${cameraName(cameraId) ?? 'A camera'} ${title}`, detail, link: `/cameras/${cameraId}` }
    notices.raise({ id: noticeId(cameraId), level: 'problem', ...words })
  }

  async function save(cameraId: string, { eye }: Watched, trx: Db = database.writer): Promise<void> {
    if (eye.watch.references().length > 0) await putViews(trx, cameraId, eye.watch.references(), clock.now())
  }

  function saveSoon(cameraId: string, watch: Watched): void {
    watch.savedAt = clock.monotonic()
    void save(cameraId, watch).catch((error: unknown) =>
      log.error({ cameraId, err: messageOf(error) }, 'Cannot keep how a camera looks'),
    )
  }

  function drop(cameraId: string): void {
    watched.delete(cameraId)
    notices.clear(noticeId(cameraId))
  }

  return {
    async start() {
      stored = await listViews(database.writer)
      stopListening = settings.onChange(VIEW_WATCH, () => {
        if (settings.get(VIEW_WATCH)) return
        for (const [cameraId, watch] of watched) {
          drop(cameraId)
          if (watch.said !== 'fine') bus.emit('camera.view-changed', { cameraId, state: 'fine', since: null })
        }
      })
    },
    async stop() {
      stopListening?.()
      for (const [cameraId, watch] of watched) {
        await save(cameraId, watch)
        notices.clear(noticeId(cameraId))
      }
      watched.clear()
    },
    see(frame) {
      if (stored === null || !settings.get(VIEW_WATCH)) return
      const watch = watchOf(frame.cameraId, stored)
      const before = watch.eye.watch.references().length
      const isRenewed = watch.eye.see(frame)
      tell(frame.cameraId, watch)
      if (!isRenewed) return
      const isNew = watch.eye.watch.references().length !== before
      if (isNew || clock.monotonic() - watch.savedAt >= SAVE_EVERY_MS) saveSoon(frame.cameraId, watch)
    },
    forget(cameraId) {
      drop(cameraId)
      stored?.delete(cameraId)
      void deleteViews(database.writer, cameraId).catch((error: unknown) =>
        log.error({ cameraId, err: messageOf(error) }, 'Cannot forget how a camera looked'),
      )
    },
    list: () => [...watched].map(([cameraId, watch]) => viewOf(cameraId, watch)),
    async accept(request, cameraId) {
      if (cameraName(cameraId) === null) throw new LaresError('not-found', 'There is no such camera.')
      const watch = watched.get(cameraId)
      if (!watch || !watch.eye.watch.hasLook())
        throw new LaresError(
          'unavailable',
          'The camera sends no pictures, or is not watched for this. Try again once it does.',
        )
      watch.eye.watch.accept()
      await database.transaction(async (trx) => {
        await save(cameraId, watch, trx)
        await deps.recordChange(trx, `camera-view:${cameraId}`, request)
      })
      tell(cameraId, watch)
      return viewOf(cameraId, watch)
    },
  }
}
