import type { HostFeature } from '../protocol/index.ts'
import { hasWifi } from './wifi.ts'
import { canWireguard } from './wireguard.ts'

/** What this machine has the programs and places for. A family of commands adds its own test here. */
export function findFeatures(root: string): readonly HostFeature[] {
  return [...(hasWifi(root) ? (['wifi'] as const) : []), ...(canWireguard(root) ? (['wireguard'] as const) : [])]
}
