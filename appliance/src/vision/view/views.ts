import type { CameraView, ViewState } from '../../api/views.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Database, Trx } from '../../db/index.ts'
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
  return new AllViews(deps)
}

const noticeId = (cameraId: string): string => `camera-view.${cameraId}`
const viewOf = (cameraId: string, { said, since }: Watched): CameraView => ({ cameraId, state: said, since })

class AllViews implements Views {
  readonly #deps: ViewsDeps
  readonly #log: Log
  readonly #watched = new Map<string, Watched>()
  /** null: not read yet; until then nothing is judged. */
  #stored: Map<string, Reference[]> | null = null
  #stopListening: (() => void) | null = null

  constructor(deps: ViewsDeps) {
    this.#deps = deps
    this.#log = deps.log.child({ part: 'views' })
  }

  async start(): Promise<void> {
    const { database, settings } = this.#deps
    this.#stored = await listViews(database.writer)
    this.#stopListening = settings.onChange(VIEW_WATCH, () => {
      if (!settings.get(VIEW_WATCH)) this.#dropAll()
    })
  }

  async stop(): Promise<void> {
    this.#stopListening?.()
    for (const [cameraId, watch] of this.#watched) await this.#save(cameraId, watch)
    this.#stored = null
    for (const cameraId of this.#watched.keys()) this.#deps.notices.clear(noticeId(cameraId))
    this.#watched.clear()
  }

  see(frame: Frame): void {
    if (this.#stored === null || !this.#deps.settings.get(VIEW_WATCH)) return
    const { cameraId } = frame
    const watch = this.#watchOf(cameraId, this.#stored)
    const before = watch.eye.watch.references().length
    const isRenewed = watch.eye.see(frame)
    this.#tell(cameraId, watch)
    if (!isRenewed) return
    const isNew = watch.eye.watch.references().length !== before
    if (isNew || this.#deps.clock.monotonic() - watch.savedAt >= SAVE_EVERY_MS) this.#saveSoon(cameraId, watch)
  }

  forget(cameraId: string): void {
    this.#drop(cameraId)
    this.#stored?.delete(cameraId)
    void deleteViews(this.#deps.database.writer, cameraId).catch((error: unknown) =>
      this.#log.error({ cameraId, err: messageOf(error) }, 'Cannot forget how a camera looked'),
    )
  }

  list(): CameraView[] {
    return [...this.#watched].map(([cameraId, watch]) => viewOf(cameraId, watch))
  }

  async accept(request: RequestContext, cameraId: string): Promise<CameraView> {
    const { cameraName, database, recordChange } = this.#deps
    if (cameraName(cameraId) === null) throw new LaresError('not-found', 'There is no such camera.')
    const watch = this.#watched.get(cameraId)
    if (!watch?.eye.watch.hasLook())
      throw new LaresError(
        'unavailable',
        'The camera sends no pictures, or is not watched for this. Try again once it does.',
      )
    watch.eye.watch.accept()
    await database.transaction(async (trx) => {
      await this.#save(cameraId, watch, trx)
      await recordChange(trx, `camera-view:${cameraId}`, request)
    })
    this.#tell(cameraId, watch)
    return viewOf(cameraId, watch)
  }

  #watchOf(cameraId: string, stored: Map<string, Reference[]>): Watched {
    const known = this.#watched.get(cameraId)
    if (known) return known
    const eye = createViewEye(stored.get(cameraId) ?? [])
    const watch: Watched = { eye, said: 'fine', since: null, savedAt: this.#deps.clock.monotonic() }
    this.#watched.set(cameraId, watch)
    return watch
  }

  #tell(cameraId: string, watch: Watched): void {
    const { clock, bus, notices, cameraName } = this.#deps
    const state = watch.eye.watch.state()
    if (state === watch.said) return
    watch.said = state
    watch.since = state === 'fine' ? null : clock.now()
    this.#log[state === 'fine' ? 'info' : 'warn']({ cameraId, state }, 'What a camera shows')
    bus.emit('camera.view-changed', viewOf(cameraId, watch))
    if (state === 'fine') return notices.clear(noticeId(cameraId))
    const { title, detail } = WORDS[state]
    const words = { title: `${cameraName(cameraId) ?? 'A camera'} ${title}`, detail, link: `/cameras/${cameraId}` }
    notices.raise({ id: noticeId(cameraId), level: 'problem', ...words })
  }

  async #save(cameraId: string, { eye }: Watched, within?: Trx): Promise<void> {
    const { database, clock } = this.#deps
    const references = eye.watch.references()
    if (references.length === 0) return
    const put = (trx: Trx): Promise<void> => putViews(trx, cameraId, references, clock.now())
    await (within ? put(within) : database.transaction(put))
    this.#stored?.set(cameraId, [...references])
  }

  #saveSoon(cameraId: string, watch: Watched): void {
    watch.savedAt = this.#deps.clock.monotonic()
    void this.#save(cameraId, watch).catch((error: unknown) =>
      this.#log.error({ cameraId, err: messageOf(error) }, 'Cannot keep how a camera looks'),
    )
  }

  #drop(cameraId: string): void {
    this.#watched.delete(cameraId)
    this.#deps.notices.clear(noticeId(cameraId))
  }

  /** Nobody wants to be told any more. */
  #dropAll(): void {
    for (const [cameraId, { said }] of this.#watched) {
      this.#drop(cameraId)
      if (said !== 'fine') this.#deps.bus.emit('camera.view-changed', { cameraId, state: 'fine', since: null })
    }
  }
}
