import { COMMON_PASSWORDS } from './common-passwords.ts'
import { WEAK_WORDS } from './weak-words.ts'

export const MIN_LENGTH = 12
/** Different characters a password must have at least: `Aa1!Aa1!Aa1!` has four. */
const MIN_DIFFERENT = 6
/** So many different weak words, however often, with digits, signs and a stray letter or two around them, are weak. */
const MAX_WEAK_WORDS = 2
const MAX_STRAY_LETTERS = 2
/** More pieces than this are not looked at: a bound on the work, far beyond what people repeat. */
const MAX_PIECES = 8
const MIN_NAME_LENGTH = 3
const LONGEST_WORD = Math.max(...Array.from(WEAK_WORDS, (word) => word.length))
const LONGEST_COMMON = Math.max(...Array.from(COMMON_PASSWORDS, (word) => word.length))

export interface PasswordOwner {
  username: string
  displayName: string
}

/** What people write instead of letters. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '€': 'e',
  '+': 't',
  '|': 'l',
}

const NOT_LETTERS = /[^a-z]/g
const plain = (text: string): string => text.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, '')
const unmask = (text: string): string => Array.from(text, (char) => LOOKALIKES[char] ?? char).join('')

/** True when `letters` is only weak words (a few different ones) and at most a stray letter or two. */
function isMadeOfWeakWords(letters: string, words: readonly string[] = [], pieces = 0, stray = 0): boolean {
  if (letters === '') return true
  if (pieces > MAX_PIECES) return false
  for (let end = Math.min(letters.length, LONGEST_WORD); end > 0; end--) {
    const word = letters.slice(0, end)
    if (!WEAK_WORDS.has(word)) continue
    const known = words.includes(word) ? words : [...words, word]
    if (known.length <= MAX_WEAK_WORDS && isMadeOfWeakWords(letters.slice(end), known, pieces + 1, stray)) return true
  }
  return stray < MAX_STRAY_LETTERS && isMadeOfWeakWords(letters.slice(1), words, pieces, stray + 1)
}

/**
 * The readings of a password as letters: as it stands, with signs read as the letters they imitate, and that without the
 * digits and signs around it (`P4ssw0rd2026!!` is `password`).
 */
function readings(password: string): string[] {
  const text = plain(password)
  const core = text.replaceAll(/^[^a-z]+|[^a-z]+$/g, '')
  const texts = [text, unmask(text), unmask(core), unmask(text.replaceAll(/[\d!]+$/g, ''))]
  return texts.map((reading) => reading.replaceAll(NOT_LETTERS, ''))
}

function isWeak(password: string): boolean {
  return readings(password).some((letters) => isMadeOfWeakWords(letters))
}

/** A common password with nothing but digits and signs around it, such as `Taylor2026!!` or `#T4ylor!!!!1`. */
function isCommon(password: string): boolean {
  const text = plain(password)
  const first = text.search(/[a-z]/)
  const last = text.search(/[^a-z]*$/)
  if (first < 0 || last - first > LONGEST_COMMON) return false
  // A digit or sign next to the letters may belong to the word: `ncc1701`, `$parky`.
  for (let start = Math.max(0, last - LONGEST_COMMON); start <= first; start++)
    for (let end = last; end <= Math.min(text.length, start + LONGEST_COMMON); end++) {
      const word = text.slice(start, end)
      if (COMMON_PASSWORDS.has(word) || COMMON_PASSWORDS.has(unmask(word))) return true
    }
  return false
}

function holdsName(password: string, owner: PasswordOwner): boolean {
  const text = plain(password)
  const names = [owner.username, ...owner.displayName.split(/\s+/)].map(plain)
  return names.some((name) => name.length >= MIN_NAME_LENGTH && (text.includes(name) || unmask(text).includes(name)))
}

/** `abcdefghijkl`, `987654321098`: most neighbours are one apart. */
function isSequence(password: string): boolean {
  const points = Array.from(password, (char) => char.codePointAt(0) ?? 0)
  const steps = points.slice(1).filter((point, index) => Math.abs(point - (points[index] ?? 0)) === 1).length
  return steps > (points.length - 1) * 0.7
}

/**
 * What is wrong with a password, each as one plain sentence; empty when it is good (SEC-A2). That the last five are not
 * taken again is checked where their hashes are.
 */
export function passwordProblems(password: string, owner: PasswordOwner): string[] {
  const checks: readonly (readonly [boolean, string])[] = [
    [Array.from(password).length < MIN_LENGTH, `Use at least ${MIN_LENGTH} characters.`],
    [!/\p{Lu}/u.test(password), 'Use at least one capital letter.'],
    [!/\p{Ll}/u.test(password), 'Use at least one small letter.'],
    [!/\p{Nd}/u.test(password), 'Use at least one digit.'],
    [!/[^\p{L}\p{N}\s]/u.test(password), 'Use at least one sign such as ! ? - or #.'],
    [/\p{Cc}/u.test(password), 'Leave out control characters such as line ends.'],
    [new Set(password).size < MIN_DIFFERENT, `Use at least ${MIN_DIFFERENT} different characters.`],
    [isSequence(password), 'Do not use letters or digits in a row.'],
    [
      isWeak(password) || isCommon(password),
      'This is too easy to guess. Use three or more words that have nothing to do with each other.',
    ],
    [holdsName(password, owner), 'Leave your name out of it.'],
  ]
  return checks.filter(([bad]) => bad).map(([, words]) => words)
}
