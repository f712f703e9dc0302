import type { ModeCause, ModeHistory, ModeState } from '../api/modes.ts'
import type { HomeMode } from '../api/risk-bands.ts'
import type { Audit } from '../audit/types.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Database } from '../db/database.ts'
import type { Events } from '../events.ts'
import type { RequestContext } from '../http/route.ts'
import type { Settings } from '../settings/types.ts'
import { cancelChange, deleteChangesBefore, insertChange, newestChanges, type StoredChange } from './mode-store.ts'
import { exitDelayS } from './settings.ts'

export interface ModeKeeperDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  audit: Pick<Audit, 'record'>
}

export interface ModeChange {
  mode: HomeMode
  cause: ModeCause
  /** Without the exit delay. */
  now?: boolean
  /** Who tapped. */
  request?: RequestContext
  userName?: string
}

export interface ModeKeeper {
  load(): Promise<void>
  state(): ModeState
  /** When the newest choice was made. */
  chosenAt(): number
  change(change: ModeChange): Promise<ModeState>
  history(limit: number): Promise<ModeHistory>
  stop(): void
}

/** As long as incidents can be replayed through a rule, and longer. */
const HISTORY_MS = 400 * 24 * 60 * 60_000
const NONE: StoredChange = {
  ...{ id: '', mode: 'home', requestedAt: 0, effectiveAt: 0, cause: 'first', userId: null, userName: null },
}

const byOf = ({ cause, userName }: StoredChange): ModeState['by'] => ({ cause, name: userName })

/** Only leaving takes time, and only for whoever is still in the house. */
function delayMs({ mode, cause, now }: ModeChange, present: HomeMode, settings: Settings): number {
  const isChosen = cause === 'tap' || cause === 'program'
  const leaves = mode === 'away' && present !== 'away' && isChosen && now !== true
  return leaves ? settings.get(exitDelayS) * 1_000 : 0
}

/** The mode of the home: in memory for whoever asks at every frame, in its table for the next start. */
export function createModeKeeper({ database, clock, log, bus, settings, audit }: ModeKeeperDeps): ModeKeeper {
  let present = NONE
  let next: StoredChange | null = null
  let cancelTimer = (): void => undefined
  /** One choice after the other. */
  let turn: Promise<unknown> = Promise.resolve()

  const state = (): ModeState => ({
    ...{ mode: present.mode, since: present.effectiveAt, by: byOf(present) },
    next: next && { mode: next.mode, at: next.effectiveAt, by: byOf(next) },
  })
  const announce = (): void => bus.emit('mode.changed', state())

  function take(changes: readonly StoredChange[]): void {
    cancelTimer()
    cancelTimer = () => undefined
    const now = clock.now()
    // Asked for in the future: the clock was set back since, and nobody must be left waiting for it.
    const waits = ({ requestedAt, effectiveAt }: StoredChange): boolean => requestedAt <= now && now < effectiveAt
    const [newest] = changes
    next = newest && waits(newest) ? newest : null
    present = changes.find((change) => !waits(change)) ?? NONE
    if (next) cancelTimer = clock.after(next.effectiveAt - now, () => void comeIntoForce())
  }

  async function comeIntoForce(): Promise<void> {
    try {
      take(await newestChanges(database.writer, 2))
      announce()
    } catch (error) {
      log.error({ err: messageOf(error) }, 'The next mode could not be read; it is tried again')
      cancelTimer = clock.after(1_000, () => void comeIntoForce())
    }
  }

  async function apply(wanted: ModeChange): Promise<ModeState> {
    const { mode, cause, request, userName } = wanted
    const now = clock.now()
    if (next === null ? mode === present.mode : mode === next.mode && wanted.now !== true) return state()
    const stored: StoredChange = {
      ...{ id: newId(now), mode, requestedAt: now, effectiveAt: now + delayMs(wanted, present.mode, settings), cause },
      ...{ userId: request?.principal?.userId ?? null, userName: userName ?? null },
    }
    const waiting = next
    const changes = await database.transaction(async (trx) => {
      if (waiting) await cancelChange(trx, waiting.id, now)
      // Back to the mode that still holds: nothing to write down but that it was taken back.
      if (mode !== present.mode) await insertChange(trx, stored)
      await deleteChangesBefore(trx, now - HISTORY_MS)
      await audit.record(trx, {
        ...{ type: 'mode_changed', resource: `mode:${mode}`, details: { mode, cause } },
        ...(request && { who: request.principal, address: request.address, userAgent: request.userAgent }),
      })
      return newestChanges(trx, 2)
    })
    take(changes)
    log.info({ mode, cause, effectiveAt: stored.effectiveAt }, 'The mode was changed')
    announce()
    return state()
  }

  return {
    state,
    chosenAt: () => next?.requestedAt ?? present.requestedAt,
    load: async () => take(await newestChanges(database.reader, 2)),
    change(wanted) {
      const mine = turn.then(() => apply(wanted))
      turn = mine.catch(() => undefined)
      return mine
    },
    async history(limit) {
      const changes = await newestChanges(database.reader, limit)
      return { changes: changes.map((each) => ({ mode: each.mode, at: each.effectiveAt, by: byOf(each) })) }
    },
    stop: () => cancelTimer(),
  }
}
