import type { t } from '../text/index.ts'

export type PasswordRule = keyof typeof t.setup.you.rules

const LEAST_CHARACTERS = 12

/**
 * The rules of the box (SEC-A2) that can be seen while typing. The box itself decides: it also refuses well-known
 * passwords and earlier ones.
 */
export function checkPassword(password: string, username: string): Record<PasswordRule, boolean> {
  const name = username.trim().toLowerCase()
  return {
    length: [...password].length >= LEAST_CHARACTERS,
    upper: /\p{Lu}/u.test(password),
    lower: /\p{Ll}/u.test(password),
    digit: /\d/.test(password),
    special: /[^\p{L}\d\s]/u.test(password),
    name: password !== '' && (name.length < 3 || !password.toLowerCase().includes(name)),
  }
}
