import { randomBytes, randomInt } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { equalSecrets, sha256Hex } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database, Trx } from '../../db/index.ts'
import { findByCamera, findByUsername, putAccount } from './ftp-store.ts'
import type { FtpHome } from './types.ts'

/** Nothing that is mistaken for something else, nothing that a camera's form stumbles over. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
/** 79 bits; many cameras take no more than 16 characters. */
const PASSWORD_LENGTH = 16
const LONGEST_USERNAME = 32

export interface FtpLogin {
  succeeded(): Promise<void>
}

export interface FtpAccountsDeps {
  database: Database
  clock: Clock
  /** Where a camera's files go now: null when it is none that sends, or is switched off. */
  homeOf(cameraId: string): string | null
  /** The growing delays of sign-ins. Throws `too-many`. */
  beginLogin(keys: readonly string[]): Promise<FtpLogin>
  /** Told of every wrong try. */
  onFailure(address: string, cameraId: string | null): void
}

export interface FtpAccounts {
  /** A new password, shown once; the old one counts no more. */
  renew(
    cameraId: string,
    wanted: string,
    alongside: (trx: Trx) => Promise<void>,
  ): Promise<{ username: string; password: string }>
  usernameOf(cameraId: string): Promise<string | null>
  login(username: string, password: string, address: string): Promise<FtpHome | null>
}

/**
 * Who may send by FTP: one account a camera, for nothing but its folder. The password is made by the box from 79 random
 * bits, so a salted SHA-256 keeps it as well as a slow hash would, and costs a camera that signs in for every picture nothing.
 */
export function createFtpAccounts({ database, clock, homeOf, beginLogin, onFailure }: FtpAccountsDeps): FtpAccounts {
  async function freeUsername(cameraId: string, wanted: string): Promise<string> {
    const base = wanted.replaceAll(/[^a-z0-9_]/g, '').slice(0, LONGEST_USERNAME - 3) || 'camera'
    for (let number = 1; number < 100; number++) {
      const name = number === 1 ? base : `${base}${String(number)}`
      const taken = await findByUsername(database.reader, name)
      if (!taken || taken.cameraId === cameraId) return name
    }
    throw new LaresError('conflict', 'There are too many cameras of that name.')
  }

  return {
    async usernameOf(cameraId) {
      return (await findByCamera(database.reader, cameraId))?.username ?? null
    },
    async renew(cameraId, wanted, alongside) {
      const before = await findByCamera(database.reader, cameraId)
      const username = before?.username ?? (await freeUsername(cameraId, wanted))
      const password = Array.from({ length: PASSWORD_LENGTH }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('')
      await database.transaction(async (trx) => {
        await putAccount(trx, { cameraId, username, passwordHash: hashOf(password) }, clock.now())
        await alongside(trx)
      })
      return { username, password }
    },
    async login(username, password, address) {
      const account = username.length <= LONGEST_USERNAME ? await findByUsername(database.reader, username) : null
      // By address and name together: nobody else's tries keep a camera out.
      const attempt = await beginLogin([`ftp:${address}:${account?.username ?? '?'}`])
      const folder = account && matches(password, account.passwordHash) ? homeOf(account.cameraId) : null
      if (!account || folder === null) {
        onFailure(address, account?.cameraId ?? null)
        return null
      }
      await attempt.succeeded()
      return { username: account.username, folder }
    },
  }
}

function hashOf(password: string, salt = randomBytes(16).toString('hex')): string {
  return `${salt}$${sha256Hex(`${salt}:${password}`)}`
}

function matches(password: string, stored: string): boolean {
  return equalSecrets(hashOf(password, stored.split('$')[0] ?? ''), stored)
}
