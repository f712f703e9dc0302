import type { HostFeature } from '../protocol/index.ts'

/** What this machine has the programs and places for. A family of commands adds its own test here. */
export function findFeatures(_root: string): readonly HostFeature[] {
  return []
}
