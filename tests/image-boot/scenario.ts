import type { Lab } from './lab.ts'

export interface Scenario {
  id: string
  /** What a reader of docs/reference/image-test.md sees. */
  title: string
  /** Scenarios that must have passed before: their state on the card is built upon. */
  after: readonly string[]
  /** Resolves with what was seen, a sentence each. Throws for a fault; throws `NotHere` for what cannot be tried. */
  run(lab: Lab): Promise<string[]>
}

/** What this scenario needs is not here: it did not run, which is neither passed nor failed. */
export class NotHere extends Error {}

/** Throws the sentence when it is not so. */
export function expect(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Error(otherwise)
}
