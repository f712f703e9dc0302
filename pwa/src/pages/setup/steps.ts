/** One question a page, in this order. The account exists once `factor` is through; all after it can be skipped. */
export const STEPS = [
  'code',
  'you',
  'factor',
  'recovery',
  'home',
  'cameras',
  'plugs',
  'install',
  'notify',
  'test',
  'done',
] as const
export type Step = (typeof STEPS)[number]

export function isStep(name: string | undefined): name is Step {
  return STEPS.some((step) => step === name)
}

export function stepAfter(step: Step): Step {
  return STEPS[STEPS.indexOf(step) + 1] ?? 'done'
}

/** Where "Back" leads; null where there is nothing to go back to. A used one-time code cannot be used again. */
export function stepBefore(step: Step): Step | null {
  if (step === 'code' || step === 'recovery' || step === 'home') return null
  return STEPS[STEPS.indexOf(step) - 1] ?? null
}

export interface Progress {
  signedIn: boolean
  hasCode: boolean
  hasSecret: boolean
  hasRecoveryCodes: boolean
}

/** The step that may really be shown when `wanted` was asked for: never one whose ground is missing. */
export function allowedStep(wanted: Step, progress: Progress): Step {
  const before = STEPS.indexOf(wanted) <= STEPS.indexOf('factor')
  if (progress.signedIn) {
    if (before) return progress.hasRecoveryCodes ? 'recovery' : 'home'
    return wanted === 'recovery' && !progress.hasRecoveryCodes ? 'home' : wanted
  }
  if (!progress.hasCode) return 'code'
  if (!before) return progress.hasSecret ? 'factor' : 'you'
  return wanted === 'factor' && !progress.hasSecret ? 'you' : wanted
}
