import { randomInt } from 'node:crypto'
import { sha256Hex } from '../../core/crypto.ts'

export const RECOVERY_CODES = 10
const HALF = 5
/** No letters that are mistaken for digits or for each other. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

const letters = (count: number): string =>
  Array.from({ length: count }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/** Ten codes like `K7QWM-3HTXE`; 49 bits each. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => `${letters(HALF)}-${letters(HALF)}`)
}

/** What is stored. Case, dashes and spaces do not matter when typing one in. */
export function recoveryCodeHash(code: string): string {
  return sha256Hex(code.toUpperCase().replaceAll(/[\s-]/g, ''))
}
