import { generateSecret, generateURI, verify } from 'otplib'

const STEP_S = 30
/** The step before and the step after are accepted too: phones and boxes disagree by a few seconds. */
const TOLERANCE_S = STEP_S
const DIGITS = /^\d{6}$/

export type TotpResult =
  | { outcome: 'accepted'; step: number }
  | { outcome: 'wrong' }
  /** The last accepted step lies in this box's future: its clock was set back since. */
  | { outcome: 'clock-went-back' }

export const newTotpSecret = (): string => generateSecret()

/** otpauth:// address for the QR picture. */
export function totpUri(secret: string, username: string, homeName: string): string {
  return generateURI({ issuer: homeName === '' ? 'Lares' : `Lares ${homeName}`, label: username, secret })
}

/** The number of the 30-second step at `nowMs`. */
export const totpStepAt = (nowMs: number): number => Math.floor(nowMs / 1000 / STEP_S)

/** People type and paste codes with spaces in them. */
const withoutSpaces = (token: string): string => token.replaceAll(/[\s-]/g, '')

/** True when it looks like a code of an authenticator app (and not like a recovery code). */
export const looksLikeTotp = (token: string): boolean => DIGITS.test(withoutSpaces(token))

/**
 * Checks a code. `lastStep` is the last accepted step (0: none): that one and all before it are refused. The caller must
 * still store the new step by compare-and-set, because two requests may carry the same code.
 */
export async function checkTotp(secret: string, token: string, nowMs: number, lastStep: number): Promise<TotpResult> {
  const digits = withoutSpaces(token)
  if (!DIGITS.test(digits)) return { outcome: 'wrong' }
  // otplib throws when the stored step is beyond its window; that is a statement about the clock, not about the code.
  if (lastStep > totpStepAt(nowMs) + 1) return { outcome: 'clock-went-back' }
  const result = await verify({
    secret,
    token: digits,
    epoch: Math.floor(nowMs / 1000),
    epochTolerance: TOLERANCE_S,
    ...(lastStep > 0 ? { afterTimeStep: lastStep } : {}),
  })
  return result.valid && 'timeStep' in result ? { outcome: 'accepted', step: result.timeStep } : { outcome: 'wrong' }
}

/** By how many seconds the phone that made this code is ahead, searched within ten minutes; null when it fits nowhere. */
export async function totpDriftS(secret: string, token: string, nowMs: number): Promise<number | null> {
  const digits = withoutSpaces(token)
  if (!DIGITS.test(digits)) return null
  const epoch = Math.floor(nowMs / 1000)
  const result = await verify({ secret, token: digits, epoch, epochTolerance: 600 })
  return result.valid && 'timeStep' in result ? (result.timeStep - totpStepAt(nowMs)) * STEP_S : null
}
