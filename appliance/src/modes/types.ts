import type { ModeState, PresencePerson } from '../api/modes.ts'
import type { HomeMode } from '../api/risk-bands.ts'
import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'

/** What an alert of an entry camera waits for while the home is away. */
export interface EntryDelay {
  delayMs: number
  cameras: readonly string[]
}

export interface Modes extends Part {
  readonly routes: readonly Route[]
  /** From memory: cheap enough for every frame. */
  state(): ModeState
  /** For a program that arms and disarms; `by` is what the app shows. */
  set(mode: HomeMode, by: string): Promise<void>
  entryDelay(): EntryDelay
  /** Which mode held when, newest first, back to `sinceMs`; the last one may have begun before. */
  modesSince(sinceMs: number): Promise<{ mode: HomeMode; at: number }[]>
  people(): readonly PresencePerson[]
  /** Names of who is known to be home; null: of nobody it is known. */
  atHome(): readonly string[] | null
}
