import { randomInt } from 'node:crypto'
import { passwordProblems, type PasswordOwner } from './password-policy.ts'

const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789'

/** Four groups of four, for example `kR7w-Xb3m-…`: passes the policy whatever the name. */
export function temporaryPassword(owner: PasswordOwner): string {
  const group = (): string => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  for (;;) {
    const password = [group(), group(), group(), group()].join('-')
    if (passwordProblems(password, owner).length === 0) return password
  }
}
