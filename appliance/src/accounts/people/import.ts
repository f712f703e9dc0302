import { z } from 'zod'
import { displayName, username } from '../../api/accounts.ts'
import { isBuiltInRole } from '../../api/permissions.ts'
import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Trx } from '../../db/database.ts'
import { isPasswordHash } from '../passwords/password-hash.ts'
import { findRole, findRoleByName } from './people-store.ts'
import type { ImportedUser } from '../types.ts'
import { countUsers, insertUser, isNameTaken } from './user-store.ts'
import { isUsableName, normalUsername } from './users.ts'

const MOST_AT_ONCE = 500

const importedUsers = z
  .array(
    z.strictObject({
      username,
      displayName,
      role: z.string().trim().min(1).max(64),
      passwordHash: z.string().max(256),
    }),
  )
  .min(1)
  .max(MOST_AT_ONCE)

interface Deps {
  database: Database
  clock: Clock
  audit: Pick<Audit, 'record'>
}

/** People are counted from 1 in messages, and never by what stands in the file: a hash must not end up on a screen. */
const wrong = (index: number, words: string, code = 'IMPORT_INVALID'): LaresError =>
  new LaresError('invalid', `Person ${index + 1} of the file: ${words} Nothing was imported.`, {
    code,
    details: { index },
  })

function parse(users: unknown): ImportedUser[] {
  const result = importedUsers.safeParse(users)
  if (result.success) return result.data
  const [first] = result.error.issues
  const [index, field] = first?.path ?? []
  if (typeof index === 'number') throw wrong(index, `${String(field ?? 'it')} is missing or not as it should be.`)
  throw new LaresError(
    'invalid',
    `The file must hold a list of 1 to ${MOST_AT_ONCE} people, each with username, displayName, role and passwordHash.`,
    { code: 'IMPORT_INVALID' },
  )
}

/** By id, or by its name as the app shows it. */
async function roleOf(trx: Trx, role: string, index: number): Promise<string> {
  if (isBuiltInRole(role)) return role
  const found = (await findRole(trx, role)) ?? (await findRoleByName(trx, role))
  if (found) return found.id
  throw wrong(
    index,
    'there is no such role. Use admin, operator, viewer, guest, or one made in the app.',
    'ROLE_UNKNOWN',
  )
}

async function importOne(trx: Trx, { clock, audit }: Deps, user: ImportedUser, index: number): Promise<void> {
  const now = clock.now()
  const name = normalUsername(user.username)
  if (!isUsableName(name)) throw wrong(index, 'the sign-in name has signs in it that cannot be seen.')
  if (!isPasswordHash(user.passwordHash))
    throw wrong(
      index,
      'its passwordHash is neither argon2id ($argon2id$…) nor bcrypt ($2a$, $2b$, $2y$, cost 4 to 15).',
    )
  if (await isNameTaken(trx, name))
    throw new LaresError(
      'conflict',
      `Person ${index + 1} of the file: the sign-in name is taken. Nothing was imported.`,
      {
        code: 'NAME_TAKEN',
        details: { index },
      },
    )
  const id = newId(now)
  await insertUser(trx, {
    ...{ id, username: name, displayName: user.displayName, role: await roleOf(trx, user.role, index), cameras: null },
    ...{ passwordHash: user.passwordHash, passwordChangedAt: now, createdAt: now },
    ...{ totpSecret: null, totpLastStep: 0 },
  })
  await audit.record(trx, {
    type: 'user_imported',
    who: null,
    resource: `user:${id}`,
    details: { role: user.role, hash: user.passwordHash.startsWith('$argon2id$') ? 'argon2id' : 'bcrypt' },
  })
}

/**
 * Accounts of another system with the password hashes it kept (SEC-A3): all of them or none. Whoever must have a second
 * factor sets it up at the first sign-in.
 */
export function createImport(deps: Deps): (users: unknown) => Promise<number> {
  return async (users) => {
    const list = parse(users)
    await deps.database.transaction(async (trx) => {
      if ((await countUsers(trx)) === 0)
        throw new LaresError('conflict', 'Set this home up first: its administrator is never imported.', {
          code: 'SETUP_REQUIRED',
        })
      for (const [index, user] of list.entries()) await importOne(trx, deps, user, index)
    })
    return list.length
  }
}
