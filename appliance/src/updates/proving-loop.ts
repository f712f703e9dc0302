import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import type { Host } from '../host/index.ts'
import type { UpdateKeeper } from './keeper.ts'
import { lacks, type Fitness } from './proof.ts'
import type { Trial } from './record.ts'

export interface ProvingDeps {
  keeper: UpdateKeeper
  host: Host
  clock: Clock
  log: Log
  fitness(): Promise<Fitness>
  cameraIds(): Promise<ReadonlySet<string>>
  /** Called when it has become the first one. */
  afterwards(): Promise<void>
}

const LOOK_MS = 2_000
/** So long a new system may take until it is as good as the one before. */
export const PROOF_MS = 5 * 60_000
/** A restart that was asked for and does not come is given up. */
const RESTART_MS = 10 * 60_000
const AT_REST_MS = 60_000

/** Judges the system on trial, and sees when it has become the first one. */
export function createProving(deps: ProvingDeps): Loop {
  const { keeper, host, clock, log, fitness, cameraIds } = deps
  const beganAt = clock.monotonic()

  async function judge(trial: Trial): Promise<void> {
    if (trial.verdict) return
    const missing = lacks(trial.fitness, await fitness(), await cameraIds())
    keeper.show({ proof: missing })
    if (missing.length === 0) {
      log.info({ version: trial.to }, 'The new system has proven itself')
      return keeper.change({ phase: 'proven', trial: { ...trial, verdict: { proven: true, reason: null } } })
    }
    if (clock.monotonic() - beganAt < PROOF_MS) return
    const reason = missing.join('; ')
    log.error({ version: trial.to, reason }, 'The new system did not prove itself')
    await keeper.change({ trial: { ...trial, verdict: { proven: false, reason } } })
  }

  /** Whoever started it (`confirm-boot`) makes it the first one; only then is the way back over. */
  async function finish(trial: Trial): Promise<void> {
    const slots = await host.call('updates.status', {})
    if (slots.primary !== slots.booted) return
    keeper.show({ slots, proof: [] })
    const at = clock.now()
    const outcome = { at, from: trial.from.version, to: trial.to, outcome: 'done', reason: null, lost: null } as const
    await keeper.sweep((name) => name === keeper.record().bundle?.fileName)
    await keeper.change({ phase: 'done', trial: null, bundle: null, ...keeper.withOutcome(outcome) })
    await deps.afterwards()
  }

  async function giveUpRestart({ backup }: Trial): Promise<void> {
    if (clock.now() - backup.takenAt < RESTART_MS) return
    await keeper.change({ phase: 'installed', trial: null, problem: 'The box did not restart.' })
  }

  return supervise({
    ...{ name: 'update', clock, log, pauseMs: () => (keeper.record().trial ? LOOK_MS : AT_REST_MS) },
    async runOnce() {
      const { phase, trial } = keeper.record()
      if (!trial) return
      if (phase === 'proving') await judge(trial)
      else if (phase === 'proven') await finish(trial).catch((error: unknown) => logLater(log, error))
      else if (phase === 'restarting') await giveUpRestart(trial)
    },
  })
}

function logLater(log: Log, error: unknown): void {
  log.warn({ err: messageOf(error) }, 'Cannot see yet whether the new system is the first one')
}
