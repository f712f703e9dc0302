import { cpus } from 'node:os'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Part } from '../core/part.ts'
import { supervise } from '../core/supervise.ts'

/** How much the box asks of itself: every picture, every second one, or key pictures only (hardly any decoding). */
export const PACES = ['full', 'half', 'key'] as const
export type PaceStep = (typeof PACES)[number]

/** Pictures that come one by one have no key pictures: they come so much later at each step, but not later than `SLOWEST_MS`. */
const TIMES: Readonly<Record<PaceStep, number>> = { full: 1, half: 2, key: 5 }
const SLOWEST_MS = 10_000

/** `gapMs`: between two pictures when the box has time. */
export function pacedGapMs(gapMs: number, step: PaceStep): number {
  return Math.max(gapMs, Math.min(gapMs * TIMES[step], SLOWEST_MS))
}

const ROUND_MS = 10_000
/** Below this share of the pictures that were asked for, a camera lags. */
const LAGS_BELOW = 0.8
const BUSY_FROM = 0.9
const IDLE_BELOW = 0.7
const ROUNDS_TO_SLOW = 2
const ROUNDS_TO_SPEED = 6
const MOST_PATIENCE = 96

export interface PaceState {
  step: PaceStep
  overloadedRounds: number
  idleRounds: number
  /** Idle rounds before the next step up: doubled by each relapse, so that a box at its limit does not waver. */
  patience: number
}

export const FULL_PACE: PaceState = { step: 'full', overloadedRounds: 0, idleRounds: 0, patience: ROUNDS_TO_SPEED }

export interface PaceReading {
  /** 0 to 1: share of all cores' time that was used. */
  busy: number
  /** Of each camera that could be judged: pictures that came ÷ pictures that were asked for. */
  shares: readonly number[]
}

/** One round. Lagging cameras alone may be the network's fault, a busy processor alone is no harm: both slow the box down. */
export function nextPace(state: PaceState, { busy, shares }: PaceReading): PaceState {
  const lagging = shares.filter((share) => share < LAGS_BELOW).length
  const isOverloaded = busy >= BUSY_FROM && lagging > 0 && lagging * 2 >= shares.length
  const overloadedRounds = isOverloaded ? state.overloadedRounds + 1 : 0
  const idleRounds = busy < IDLE_BELOW ? state.idleRounds + 1 : 0
  const at = PACES.indexOf(state.step)
  if (overloadedRounds >= ROUNDS_TO_SLOW && at < PACES.length - 1) {
    const patience = Math.min(state.patience * 2, MOST_PATIENCE)
    return { step: PACES[at + 1] ?? 'key', overloadedRounds: 0, idleRounds: 0, patience }
  }
  if (idleRounds >= state.patience && at > 0)
    return { ...state, step: PACES[at - 1] ?? 'full', overloadedRounds: 0, idleRounds: 0 }
  return { ...state, overloadedRounds, idleRounds }
}

export interface PaceMember {
  /** Pictures that came ÷ asked for since the last question; null when it cannot be said. */
  takeShare(): number | null
  onPace(step: PaceStep): void
}

export interface Pace extends Part {
  step(): PaceStep
  /** Returns how to leave. */
  join(member: PaceMember): () => void
}

export interface PaceDeps {
  clock: Clock
  log: Log
  /** Share of the processor used since the last question; the system's unless a test says otherwise. */
  busy?: () => number
}

export function createPace({ clock, log, busy = systemBusy() }: PaceDeps): Pace {
  const members = new Set<PaceMember>()
  let state = FULL_PACE
  const loop = supervise({
    ...{ name: 'pace', clock, log, pauseMs: ROUND_MS },
    async runOnce() {
      const shares = [...members].map((member) => member.takeShare()).filter((share) => share !== null)
      const before = state.step
      state = nextPace(state, { busy: busy(), shares })
      if (state.step === before) return
      log.warn({ from: before, to: state.step, cameras: members.size }, 'The box changes how many pictures it looks at')
      for (const member of members) member.onPace(state.step)
    },
  })
  return {
    ...loop,
    step: () => state.step,
    join(member) {
      members.add(member)
      return () => void members.delete(member)
    },
  }
}

function systemBusy(): () => number {
  let last = { idle: 0, all: 0 }
  return () => {
    const times = cpus().map((cpu) => cpu.times)
    const idle = times.reduce((sum, each) => sum + each.idle, 0)
    const all = times.reduce((sum, each) => sum + each.idle + each.user + each.nice + each.sys + each.irq, 0)
    const [idled, passed] = [idle - last.idle, all - last.all]
    last = { idle, all }
    return passed > 0 ? 1 - idled / passed : 0
  }
}
