import type { HouseContext } from './types.ts'

/** What is known of a house that nobody told about: nothing. Whoever knows more gives it in through compose.ts. */
export const UNKNOWN_HOUSE: HouseContext = {
  mode: () => 'home',
  atHome: () => null,
  plugs: () => [],
  feedbackAdjustment: () => Promise.resolve(null),
}
