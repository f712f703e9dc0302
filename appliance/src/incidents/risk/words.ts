import type { ObjectClass } from '../../api/common.ts'
import type { HomeMode } from '../../api/risk-bands.ts'

/** The sentences of the rules. */
const SEEN: Readonly<Record<ObjectClass, string>> = {
  person: 'A person was seen.',
  bicycle: 'A bicycle was seen.',
  car: 'A car was seen.',
  motorcycle: 'A motorcycle was seen.',
  bus: 'A bus was seen.',
  truck: 'A truck was seen.',
  bird: 'A bird was seen.',
  cat: 'A cat was seen.',
  dog: 'A dog was seen.',
}

export const seenWords = (name: ObjectClass): string => SEEN[name]

export const MODE_WORDS: Readonly<Record<HomeMode, string>> = {
  home: 'The home is in home mode.',
  away: 'The home is in away mode: nobody should be here.',
  night: 'The home is in night mode: everybody sleeps.',
  disarmed: 'The home is disarmed.',
}

/** An hour, 0–23, as "between 3:00 and 4:00". */
export const timeWords = (hour: number): string => `between ${hour}:00 and ${(hour + 1) % 24}:00`

export function dwellWords(dwellMs: number): string {
  const seconds = Math.floor(dwellMs / 1_000)
  return seconds < 120 ? `Stayed for ${seconds} seconds.` : `Stayed for ${Math.floor(seconds / 60)} minutes.`
}
