import type { Plug } from '../api/plugs.ts'
import type { Part } from '../core/part.ts'
import type { Route } from '../http/route.ts'

export interface Plugs extends Part {
  readonly routes: readonly Route[]
  list(): Promise<Plug[]>
  get(id: string): Promise<Plug>
  /** Resolves with the state the device confirmed; throws `unavailable` and changes nothing shown otherwise. */
  switch(id: string, on: boolean): Promise<Plug>
  add(host: string): Promise<Plug[]>
  discover(): Promise<{ found: number; added: number; plugs: Plug[] }>
  rename(id: string, name: string): Promise<Plug>
  /** Forgets it; the device itself is not changed. */
  remove(id: string): Promise<void>
  /** Whether somebody has the app open: plugs are asked more often then. True until told otherwise. */
  setWatched(watched: boolean): void
}
