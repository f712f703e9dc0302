import { z } from 'zod'
import type { TotpEnrolment } from '../../api/accounts.ts'
import type { Clock } from '../../core/clock.ts'
import { sha256Hex, type SecretBox } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import { homeName } from '../../settings/index.ts'
import type { Settings } from '../../settings/types.ts'
import { checkTotp, newTotpSecret, totpUri } from './totp.ts'

const VALID_MS = 15 * 60_000
const CONTEXT = 'totp-enrolment'

/** Whose authenticator it is going to be. */
export interface EnrolmentOwner {
  /** null: of an account that does not exist yet (an invitation). */
  userId: string | null
  username: string
  /**
   * What is in force now, so that a ticket is used up by its own success: `enrolmentBasis` of an account, the id of an
   * invitation.
   */
  basis: string
}

export interface ProvenSecret {
  secret: string
  /** The step of the code that proved it: it is not accepted again. */
  step: number
}

/** Second factors that are about to be set up. Nothing is stored: the ticket holds it all, sealed, for 15 minutes. */
export interface Enrolments {
  begin(owner: EnrolmentOwner): TotpEnrolment
  /**
   * Throws `conflict` ENROLMENT_EXPIRED (too old, of somebody else, used already, or no ticket of ours at all),
   * `unauthenticated` CODE_WRONG or CLOCK_NOT_SET.
   */
  finish(ticket: string, code: string, owner: EnrolmentOwner): Promise<ProvenSecret>
}

interface Deps {
  clock: Clock
  secretBox: SecretBox
  settings: Settings
  /** False while the box believes that its clock is not set. */
  clockTrusted(): boolean
}

const ticketSchema = z.strictObject({ secret: z.string(), owner: z.string(), madeAt: z.int() })

const ownerMark = ({ userId, username, basis }: EnrolmentOwner): string =>
  sha256Hex(JSON.stringify([userId, username, basis]))

/** Changes with every authenticator that is set up or taken away. */
export const enrolmentBasis = (user: { totpSecret: string | null; totpLastStep: number }): string =>
  user.totpSecret ?? `none since ${user.totpLastStep}`

export function createEnrolments({ clock, secretBox, settings, clockTrusted }: Deps): Enrolments {
  function open(ticket: string): z.infer<typeof ticketSchema> | null {
    try {
      return ticketSchema.parse(JSON.parse(secretBox.open(ticket, CONTEXT)))
    } catch {
      return null
    }
  }

  return {
    begin(owner) {
      const secret = newTotpSecret()
      const content: z.infer<typeof ticketSchema> = { secret, owner: ownerMark(owner), madeAt: clock.now() }
      const ticket = secretBox.seal(JSON.stringify(content), CONTEXT)
      return { ticket, totpSecret: secret, totpUri: totpUri(secret, owner.username, settings.get(homeName)) }
    },
    async finish(ticket, code, owner) {
      const content = open(ticket)
      const now = clock.now()
      // The distance, not the difference: a clock that was set back must not make a ticket live for ever.
      if (!content || content.owner !== ownerMark(owner) || Math.abs(now - content.madeAt) > VALID_MS)
        throw new LaresError('conflict', 'Setting up the authenticator took too long. Please begin again.', {
          code: 'ENROLMENT_EXPIRED',
        })
      const result = await checkTotp(content.secret, code, now, 0)
      if (result.outcome === 'accepted') return { secret: content.secret, step: result.step }
      if (!clockTrusted())
        throw new LaresError(
          'unauthenticated',
          'This box does not know the time yet, so codes cannot be checked. Wait a minute for it to set its clock.',
          { code: 'CLOCK_NOT_SET' },
        )
      throw new LaresError(
        'unauthenticated',
        'This code is not right. Look at the authenticator app again; codes change every 30 seconds.',
        { code: 'CODE_WRONG' },
      )
    },
  }
}
