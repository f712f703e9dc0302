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
const RETRY_MS = 1_000
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

/** What is in force and what comes next, of the two newest choices. */
function createPresent(clock: Clock, onDue: () => void) {
  let present = NONE
  let next: StoredChange | null = null
  let cancelTimer = (): void => undefined
  return {
    present: () => present,
    next: () => next,
    state: (): ModeState => ({
      ...{ mode: present.mode, since: present.effectiveAt, by: byOf(present) },
      next: next && { mode: next.mode, at: next.effectiveAt, by: byOf(next) },
    }),
    take(changes: readonly StoredChange[]): void {
      cancelTimer()
      cancelTimer = () => undefined
      const now = clock.now()
      // Asked for in the future: the clock was set back since, and nobody must be left waiting for it.
      const waits = ({ requestedAt, effectiveAt }: StoredChange): boolean => requestedAt <= now && now < effectiveAt
      const [newest] = changes
      next = newest && waits(newest) ? newest : null
      present = changes.find((change) => !waits(change)) ?? NONE
      if (next) cancelTimer = clock.after(next.effectiveAt - now, onDue)
    },
    /** Looks again in a second. */
    later: () => void (cancelTimer = clock.after(RETRY_MS, onDue)),
    stop: () => cancelTimer(),
  }
}

/** Writes a choice down; resolves with the two newest. */
function storeChange(
  { database, audit }: ModeKeeperDeps,
  { mode, cause, request }: ModeChange,
  stored: StoredChange | null,
  cancelled: StoredChange | null,
  now: number,
): Promise<StoredChange[]> {
  return database.transaction(async (trx) => {
    if (cancelled) await cancelChange(trx, cancelled.id, now)
    if (stored) await insertChange(trx, stored)
    await deleteChangesBefore(trx, now - HISTORY_MS)
    await audit.record(trx, {
      ...{ type: 'mode_changed', resource: `mode:${mode}`, details: { mode, cause } },
      ...(request && { who: request.principal, address: request.address, userAgent: request.userAgent }),
    })
    return newestChanges(trx, 2)
  })
}

/** The mode of the home: in memory for whoever asks at every frame, in its table for the next start. */
export function createModeKeeper(deps: ModeKeeperDeps): ModeKeeper {
  const { database, clock, log, bus, settings } = deps
  const held = createPresent(clock, () => void comeIntoForce())
  /** One choice after the other. */
  let turn: Promise<unknown> = Promise.resolve()
  const announce = (): void => bus.emit('mode.changed', held.state())

  async function comeIntoForce(): Promise<void> {
    try {
      held.take(await newestChanges(database.writer, 2))
      announce()
    } catch (error) {
      log.error({ err: messageOf(error) }, 'The next mode could not be read; it is tried again')
      held.later()
    }
  }

  async function apply(wanted: ModeChange): Promise<ModeState> {
    const { mode, cause, request, userName } = wanted
    const [present, next, now] = [held.present(), held.next(), clock.now()]
    if (next === null ? mode === present.mode : mode === next.mode && wanted.now !== true) return held.state()
    const effectiveAt = now + delayMs(wanted, present.mode, settings)
    const stored: StoredChange = {
      ...{ id: newId(now), mode, requestedAt: now, effectiveAt, cause },
      ...{ userId: request?.principal?.userId ?? null, userName: userName ?? null },
    }
    // Back to the mode that still holds: nothing to write down but that the next one was taken back.
    held.take(await storeChange(deps, wanted, mode === present.mode ? null : stored, next, now))
    log.info({ mode, cause, effectiveAt }, 'The mode was changed')
    announce()
    return held.state()
  }

  return {
    state: () => held.state(),
    chosenAt: () => held.next()?.requestedAt ?? held.present().requestedAt,
    load: async () => held.take(await newestChanges(database.reader, 2)),
    change(wanted) {
      const mine = turn.then(() => apply(wanted))
      turn = mine.catch(() => undefined)
      return mine
    },
    async history(limit) {
      const changes = await newestChanges(database.reader, limit)
      return { changes: changes.map((each) => ({ mode: each.mode, at: each.effectiveAt, by: byOf(each) })) }
    },
    stop: () => held.stop(),
  }
}
