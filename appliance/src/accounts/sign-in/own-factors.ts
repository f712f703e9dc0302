import type { Passkey, PasskeyAnswer, PasskeyChallenge, TotpEnrolment } from '../../api/accounts.ts'
import { needsSecondFactor } from '../../api/permissions.ts'
import type { AuditType } from '../../audit/types.ts'
import { LaresError } from '../../core/errors.ts'
import type { Trx } from '../../db/database.ts'
import { enrolmentBasis, type Enrolments } from './enrolment.ts'
import { createConfirm, type OwnAccountDeps } from './own-account.ts'
import { passkeyPlace } from './passkey-answers.ts'
import { deletePasskey, renamePasskey } from './passkey-store.ts'
import type { PasskeyOwner, Passkeys } from './passkeys.ts'
import { countRecoveryCodes, deleteRecoveryCodes, removeTotp, setTotp } from '../store.ts'
import { asForbidden, type Asker } from './sudo.ts'
import { findUser, type StoredUser } from '../people/user-store.ts'

interface Deps extends OwnAccountDeps {
  passkeys: Passkeys
  enrolments: Enrolments
}

/** The second factors of whoever is signed in. */
export interface OwnFactors {
  beginTotp(asker: Asker): Promise<TotpEnrolment>
  /**
   * Sets the authenticator up, or another one in its place. Recovery codes come back when there were none. Throws `conflict`
   * ENROLMENT_EXPIRED, `forbidden` CODE_WRONG or CLOCK_NOT_SET.
   */
  enrolTotp(asker: Asker, ticket: string, code: string): Promise<string[]>
  /** Throws `forbidden` PASSWORD_WRONG, CODE_WRONG …, SECOND_FACTOR_REQUIRED; `conflict` NO_TOTP. */
  removeTotp(asker: Asker, password: string, code: string): Promise<void>
  listPasskeys(asker: Asker): Promise<{ passkeys: Passkey[]; possible: boolean }>
  /** Throws `unsupported` PASSKEY_NEEDS_NAME, `conflict` PASSKEYS_FULL. */
  beginPasskey(asker: Asker): Promise<PasskeyChallenge>
  /** Throws `invalid` PASSKEY_WRONG, `conflict` PASSKEY_EXPIRED, PASSKEY_KNOWN or PASSKEYS_FULL. */
  addPasskey(asker: Asker, given: PasskeyAnswer, name: string): Promise<Passkey>
  /** Throws `not-found`. */
  renamePasskey(asker: Asker, id: string, name: string): Promise<void>
  /** Throws `not-found`, `forbidden` SECOND_FACTOR_REQUIRED. */
  removePasskey(asker: Asker, id: string): Promise<void>
}

const required = (): LaresError =>
  new LaresError('forbidden', 'Your account may change things, so it has to keep a second factor.', {
    code: 'SECOND_FACTOR_REQUIRED',
  })

function createTools({ database, audit, passkeys }: Deps) {
  return {
    async find({ principal }: Asker, trx?: Trx): Promise<StoredUser> {
      const user = await findUser(trx ?? database.writer, principal.userId)
      if (user) return user
      throw new LaresError('unauthenticated', 'Please sign in again.', { code: 'SESSION_REVOKED' })
    },
    record(trx: Trx, type: AuditType, asker: Asker, resource?: string): Promise<void> {
      const { principal: who, address, userAgent } = asker
      return audit.record(trx, { type, who, address, userAgent, ...(resource === undefined ? {} : { resource }) })
    },
    /** Codes for when the phone is gone mean nothing where a password is all that is asked for. */
    async tidy(trx: Trx, userId: string): Promise<void> {
      const user = await findUser(trx, userId)
      if (user?.totpSecret !== null || (await passkeys.count(trx, userId)) > 0) return
      await deleteRecoveryCodes(trx, userId)
    },
  }
}

type OwnTotp = Pick<OwnFactors, 'beginTotp' | 'enrolTotp' | 'removeTotp'>

function createOwnTotp(deps: Deps): OwnTotp {
  const { database, log, secondFactor, enrolments } = deps
  const { find, record, tidy } = createTools(deps)
  const confirm = createConfirm(deps)
  const ownerOf = (user: StoredUser) => ({ userId: user.id, username: user.username, basis: enrolmentBasis(user) })

  async function enrol(trx: Trx, asker: Asker, ticket: string, code: string): Promise<string[]> {
    const user = await find(asker, trx)
    const { secret, step } = await enrolments.finish(ticket, code, ownerOf(user))
    await setTotp(trx, user.id, secondFactor.sealSecret(user.id, secret), step)
    await record(trx, 'mfa_enabled', asker)
    return (await countRecoveryCodes(trx, user.id)) > 0 ? [] : secondFactor.renewRecoveryCodes(trx, user.id)
  }

  return {
    beginTotp: async (asker) => enrolments.begin(ownerOf(await find(asker))),
    async enrolTotp(asker, ticket, code) {
      const codes = await database
        .transaction((trx) => enrol(trx, asker, ticket, code))
        .catch((error: unknown) => Promise.reject(asForbidden(error) as Error))
      log.info({ userId: asker.principal.userId }, 'Authenticator set up')
      return codes
    },
    removeTotp: (asker, password, code) =>
      confirm(asker, password, async (user) => {
        if (user.totpSecret === null)
          throw new LaresError('conflict', 'There is no authenticator to remove.', { code: 'NO_TOTP' })
        if (needsSecondFactor(user.permissions)) throw required()
        await database.transaction(async (trx) => {
          await secondFactor.use(trx, user, code)
          await removeTotp(trx, user.id)
          await tidy(trx, user.id)
          await record(trx, 'mfa_disabled', asker)
        })
        log.info({ userId: user.id }, 'Authenticator removed')
      }),
  }
}

function createOwnPasskeys(deps: Deps): Omit<OwnFactors, keyof OwnTotp> {
  const { database, passkeys } = deps
  const { find, record, tidy } = createTools(deps)
  const gone = (): LaresError => new LaresError('not-found', 'This passkey is not there any more.')

  const ownerOf = ({ id, username, displayName }: StoredUser, { principal }: Asker): PasskeyOwner => {
    return { userId: id, sessionId: principal.sessionId, username, displayName }
  }

  return {
    async listPasskeys({ principal, origin }) {
      return { passkeys: await passkeys.list(principal.userId), possible: passkeyPlace(origin) !== null }
    },
    beginPasskey: async (asker) => passkeys.beginAdding(asker.origin, ownerOf(await find(asker), asker)),
    async addPasskey(asker, given, name) {
      const passkey = await passkeys.readNew(given, ownerOf(await find(asker), asker))
      return database.transaction(async (trx) => {
        const added = await passkeys.add(trx, passkey, name)
        await record(trx, 'passkey_added', asker, `passkey:${added.id}`)
        return added
      })
    },
    async renamePasskey({ principal }, id, name) {
      if (!(await renamePasskey(database.writer, principal.userId, id, name))) throw gone()
    },
    removePasskey: (asker, id) =>
      database.transaction(async (trx) => {
        const user = await find(asker, trx)
        if (!(await deletePasskey(trx, user.id, id))) throw gone()
        const isLast = user.totpSecret === null && (await passkeys.count(trx, user.id)) === 0
        if (isLast && needsSecondFactor(user.permissions)) throw required()
        await tidy(trx, user.id)
        await record(trx, 'passkey_removed', asker, `passkey:${id}`)
      }),
  }
}

export const createOwnFactors = (deps: Deps): OwnFactors => ({ ...createOwnTotp(deps), ...createOwnPasskeys(deps) })
