import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { HostFeature } from '../protocol/index.ts'
import { hasWifi } from './wifi.ts'
import { canWireguard } from './wireguard.ts'

/** For each feature the files without which it cannot be offered. */
const NEEDS: readonly { feature: HostFeature; files: readonly string[] }[] = [
  // Two slots, and the loader's word which of them runs: only our own image has those.
  { feature: 'updates', files: ['usr/bin/rauc', 'usr/bin/systemctl', 'etc/rauc/system.conf', 'run/lares-slot'] },
  { feature: 'factory-reset', files: ['usr/bin/systemctl', 'usr/share/lares/image-version', 'data'] },
  { feature: 'power', files: ['usr/bin/systemctl', 'run/systemd/system'] },
]

/** What this machine has the programs and places for. A family of commands adds its own test here. */
export function findFeatures(root: string): readonly HostFeature[] {
  const isHere = (file: string): boolean => existsSync(join(root, file))
  const features = NEEDS.filter(({ files }) => files.every(isHere)).map(({ feature }) => feature)
  if (hasWifi(root)) features.push('wifi')
  if (canWireguard(root)) features.push('wireguard')
  return features
}
