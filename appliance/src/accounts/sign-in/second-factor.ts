import type { Clock } from '../../core/clock.ts'
import type { SecretBox } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Trx } from '../../db/database.ts'
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts'
import { lowerTotpStep, replaceRecoveryCodes, takeRecoveryCode, takeTotpStep } from '../store.ts'
import { checkTotp, looksLikeTotp, totpStepAt } from './totp.ts'
import type { StoredUser } from '../people/user-store.ts'

const totpContext = (userId: string): string => `totp:${userId}`

export interface SecondFactor {
  sealSecret(userId: string, secret: string): string
  /**
   * Checks a code of the authenticator app or a recovery code, and uses it up within the transaction, so that it works
   * exactly once and only if everything else did. Says which of the two it was. Throws `unauthenticated` CODE_WRONG,
   * CODE_USED or CLOCK_NOT_SET.
   */
  use(trx: Trx, user: StoredUser, code: string): Promise<'totp' | 'recovery-code'>
  /** Ten new codes in place of the old ones. */
  renewRecoveryCodes(trx: Trx, userId: string): Promise<string[]>
}

interface Deps {
  clock: Clock
  secretBox: SecretBox
  clockTrusted(): boolean
}

const WORDS = {
  CODE_WRONG: 'This code is not right. Look at the authenticator app again; codes change every 30 seconds.',
  CODE_USED: 'This code was used already. Wait for the next one.',
  RECOVERY_WRONG: 'This recovery code is not right, or it was used already.',
  CLOCK_NOT_SET:
    'This box does not know the time yet, so codes cannot be checked. Wait a minute for it to set its clock, or use a recovery code.',
} as const

const refusal = (code: 'CODE_WRONG' | 'CODE_USED' | 'CLOCK_NOT_SET', words: string = WORDS[code]): LaresError =>
  new LaresError('unauthenticated', words, { code })

export function createSecondFactor({ clock, secretBox, clockTrusted }: Deps): SecondFactor {
  async function useTotp(trx: Trx, user: StoredUser, code: string): Promise<void> {
    const secret = user.totpSecret === null ? null : secretBox.open(user.totpSecret, totpContext(user.id))
    if (secret === null) throw refusal('CODE_WRONG')
    const now = clock.now()
    const result = await checkTotp(secret, code, now, user.totpLastStep)
    if (result.outcome === 'accepted') {
      if (await takeTotpStep(trx, user.id, result.step)) return
      throw refusal('CODE_USED')
    }
    if (result.outcome === 'clock-went-back' || !clockTrusted()) throw refusal('CLOCK_NOT_SET')
    const again = await checkTotp(secret, code, now, 0)
    throw refusal(again.outcome === 'accepted' ? 'CODE_USED' : 'CODE_WRONG')
  }

  return {
    sealSecret: (userId, secret) => secretBox.seal(secret, totpContext(userId)),
    async use(trx, user, code) {
      if (looksLikeTotp(code)) {
        await useTotp(trx, user, code)
        return 'totp'
      }
      const now = clock.now()
      if (!(await takeRecoveryCode(trx, user.id, recoveryCodeHash(code), now)))
        throw refusal('CODE_WRONG', WORDS.RECOVERY_WRONG)
      // Somebody whose codes are refused since the clock was set back gets in this way, and out of that trap.
      await lowerTotpStep(trx, user.id, totpStepAt(now))
      return 'recovery-code'
    },
    async renewRecoveryCodes(trx, userId) {
      const codes = newRecoveryCodes()
      const rows = codes.map((code) => ({ id: newId(clock.now()), hash: recoveryCodeHash(code) }))
      await replaceRecoveryCodes(trx, userId, rows)
      return codes
    },
  }
}
