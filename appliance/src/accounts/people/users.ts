import type { User } from '../../api/accounts.ts'
import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/database.ts'
import { deletePasskeys } from '../sign-in/passkey-store.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { SecondFactor } from '../sign-in/second-factor.ts'
import type { SessionEndings } from '../sessions/session-endings.ts'
import { accountKeyHash } from '../sign-in/login-delays.ts'
import { clearFailures, setTotp } from '../store.ts'
import { countUsers, findUser, findUserByName, insertUser, type StoredUser } from './user-store.ts'
import { temporaryPassword } from '../passwords/temporary-password.ts'
import { newTotpSecret, totpUri } from '../sign-in/totp.ts'
import type { NewAdministrator, ResetUser } from '../types.ts'

/** Names are the same whatever their case. */
export const normalUsername = (username: string): string => username.normalize('NFKC').trim().toLowerCase()

/** Signs that cannot be seen make two names look the same. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u
const LONGEST_NAME = 64

export const isUsableName = (name: string): boolean => name !== '' && name.length <= LONGEST_NAME && !UNSEEN.test(name)

/** The name as it is stored. Throws `invalid` USERNAME_UNUSABLE. */
export function checkUsername(username: string): string {
  const name = normalUsername(username)
  if (isUsableName(name)) return name
  throw new LaresError('invalid', 'Choose a sign-in name of letters, digits and signs that can be seen.', {
    code: 'USERNAME_UNUSABLE',
    details: { field: 'username' },
  })
}

export function toUser(
  user: Omit<StoredUser, 'passwordHash' | 'passwordChangedAt' | 'totpSecret' | 'totpLastStep'>,
): User {
  const { id, username, displayName, role, roleName, permissions, cameras } = user
  const limited = cameras === null ? null : [...cameras]
  return { id, username, displayName, role, roleName, permissions: [...permissions], cameras: limited }
}

interface Deps {
  database: Database
  clock: Clock
  passwords: Passwords
  secondFactor: SecondFactor
  sessions: Pick<SessionEndings, 'endOthers'>
  audit: Pick<Audit, 'record'>
}

export interface Users {
  createFirstAdministrator(trx: Trx, administrator: NewAdministrator): Promise<{ user: User; recoveryCodes: string[] }>
  reset(username: string): Promise<ResetUser>
}

export function createUsers({ database, clock, passwords, secondFactor, sessions, audit }: Deps): Users {
  return {
    async createFirstAdministrator(trx, administrator) {
      if ((await countUsers(trx)) > 0)
        throw new LaresError('conflict', 'Setup was finished already. Please sign in.', { code: 'SETUP_DONE' })
      const now = clock.now()
      const id = newId(now)
      await insertUser(trx, {
        id,
        username: normalUsername(administrator.username),
        displayName: administrator.displayName,
        role: 'admin',
        cameras: null,
        passwordHash: administrator.password.hash,
        passwordChangedAt: now,
        totpSecret: secondFactor.sealSecret(id, administrator.totpSecret),
        totpLastStep: administrator.totpStep,
        createdAt: now,
      })
      const details = { role: 'admin', from: 'setup' }
      await audit.record(trx, { type: 'user_created', who: null, resource: `user:${id}`, details })
      const user = await findUser(trx, id)
      if (!user) throw new LaresError('internal', 'The administrator is gone again.')
      return { user: toUser(user), recoveryCodes: await secondFactor.renewRecoveryCodes(trx, id) }
    },
    async reset(username) {
      const name = normalUsername(username)
      const user = await findUserByName(database.writer, name)
      if (!user) throw new LaresError('not-found', `There is no account with the name ${name}.`)
      const password = temporaryPassword(user)
      const prepared = await passwords.prepare(password, user)
      const totpSecret = newTotpSecret()
      const recoveryCodes = await database.transaction(async (trx) => {
        await passwords.replace(trx, user, prepared, { mustChange: true })
        await setTotp(trx, user.id, secondFactor.sealSecret(user.id, totpSecret), 0)
        await deletePasskeys(trx, user.id)
        await sessions.endOthers(user.id, null, 'reset', trx)
        await clearFailures(trx, [accountKeyHash(name)])
        const details = { secondFactor: true, from: 'console' }
        await audit.record(trx, { type: 'password_reset', who: null, resource: `user:${user.id}`, details })
        return secondFactor.renewRecoveryCodes(trx, user.id)
      })
      const uri = totpUri(totpSecret, name, '')
      return { username: name, temporaryPassword: password, totpSecret, totpUri: uri, recoveryCodes }
    },
  }
}
