import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { runToEnd } from '../../core/subprocess.ts'
import { readIfThere } from '../../core/disk.ts'
import { writeFileSafely } from './safe-file.ts'

const FILE = 'etc/modprobe.d/lares-wifi-country.conf'
const TIMEOUT_MS = 5_000

/**
 * Which channels the radio may use: now, and at every start before it sends anything.
 *
 * @param country two capital letters (`isCountry`)
 */
export async function setCountry(
  country: string,
  { root, clock, log, command = 'iw' }: { root: string; clock: Clock; log: Log; command?: string },
): Promise<void> {
  await writeFileSafely(join(root, FILE), `options cfg80211 ieee80211_regdom=${country}\n`, 0o644)
  const run = { name: 'iw', command, args: ['reg', 'set', country], clock, log, timeoutMs: TIMEOUT_MS }
  // Without a radio there is nothing to be told yet.
  await runToEnd(run).catch((error: unknown) => log.debug({ err: messageOf(error) }, 'No radio was told the country'))
}

/** What was chosen last, and so rules since the start; null while nobody has. */
export async function readCountry(root: string): Promise<string | null> {
  const text = await readIfThere(join(root, FILE))
  return /^options cfg80211 ieee80211_regdom=([A-Z]{2})$/m.exec(text ?? '')?.[1] ?? null
}
