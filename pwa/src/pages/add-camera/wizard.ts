import { signal } from '@preact/signals'
import { askCamera } from '../../client-finding.ts'
import { asClientError } from '../../client-error.ts'
import type { CameraScan, OnvifReply } from '../../wire-finding.ts'
import type { Camera } from '../../wire.ts'
import { draftOf } from './draft.ts'
import type { Candidate, Draft } from './draft.ts'
import { createTurns } from './turns.ts'

export type WizardStep = 'look' | 'address' | 'stream' | 'login' | 'name' | 'done'
type Refusal = Extract<OnvifReply, { ok: false }>['problem']

/** One that did not let Lares in, and why. */
export interface Refused {
  candidate: Candidate
  /** A word for the remedy; null when the box itself could not be asked. */
  reason: Refusal['reason'] | null
  message: string
}

const AT_ONCE = 2

type Login = Pick<Draft, 'username' | 'password'>

async function askOne(candidate: Candidate, login: Login, signal: AbortSignal): Promise<Draft | Refused> {
  try {
    const reply = await askCamera({ address: candidate.address, ...login }, signal)
    return reply.ok ? draftOf(candidate, reply, login) : { candidate, ...reply.problem }
  } catch (failure) {
    return { candidate, reason: null, message: asClientError(failure).message }
  }
}

/** Where the wizard is and what it knows; one a visit. */
export function createWizard() {
  const step = signal<WizardStep>('look')
  const chosen = signal<readonly Candidate[]>([])
  const refused = signal<readonly Refused[]>([])
  const drafts = signal<readonly Draft[]>([])
  const added = signal<readonly Camera[]>([])
  const scan = signal<CameraScan | null>(null)
  /** Addresses of those found that shall be added. */
  const ticked = signal<ReadonlySet<string>>(new Set())
  /** What is in the field of the whole address. */
  const typed = signal('')
  let asking = new AbortController()

  return {
    ...{ step, scan, ticked, chosen, refused, drafts, added, typed },
    /** The box tries two cameras at a time. */
    inTurn: createTurns(AT_ONCE),
    /** Asks all that are chosen with one login; goes on when all let Lares in. */
    async signIn(login: Login): Promise<void> {
      asking = new AbortController()
      const { signal: stopped } = asking
      const waiting = [...chosen.value]
      refused.value = []
      const askOn = async (): Promise<void> => {
        for (let next = waiting.shift(); next && !stopped.aborted; next = waiting.shift()) {
          const outcome = await askOne(next, login, stopped)
          if (stopped.aborted) return
          if ('answer' in outcome) drafts.value = [...drafts.value, outcome]
          else refused.value = [...refused.value, outcome]
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, askOn))
      if (stopped.aborted) return
      chosen.value = refused.value.map(({ candidate }) => candidate)
      if (refused.value.length === 0) step.value = 'name'
    },
    ask(candidates: readonly Candidate[]) {
      chosen.value = candidates
      refused.value = []
      step.value = 'login'
    },
    change(draft: Draft, part: Partial<Draft>) {
      drafts.value = drafts.value.map((each) => (each === draft ? { ...each, ...part } : each))
    },
    leaveOut(draft: Draft) {
      drafts.value = drafts.value.filter((each) => each !== draft)
      if (drafts.value.length === 0) step.value = 'look'
    },
    keep(camera: Camera) {
      added.value = [...added.value, camera]
      ticked.value = new Set()
    },
    stop() {
      asking.abort()
    },
  }
}

export type Wizard = ReturnType<typeof createWizard>
