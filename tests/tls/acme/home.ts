import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { silentLog } from '../../../appliance/src/core/log.ts'
import type { Settings } from '../../../appliance/src/settings/types.ts'
import { CALL_TIMEOUT_MS } from '../../../appliance/src/tls/acme/client.ts'
import type { DnsLookups } from '../../../appliance/src/tls/acme/dns/lookups.ts'
import { createAcmeSource, type AcmeDeps, type AcmeSource } from '../../../appliance/src/tls/acme/index.ts'
import { acmeSettings } from '../../../appliance/src/tls/acme/settings.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createFakeSettings } from '../../fakes/settings.ts'

/** Nobody answers questions about names. */
export const NO_LOOKUPS: DnsLookups = {
  addresses: async () => [],
  alias: async () => null,
  authoritative: async () => null,
}

type Values = { [Key in keyof typeof acmeSettings]?: (typeof acmeSettings)[Key]['initial'] | string }

/** A box with a data folder, a clock and settings that the test owns. */
export interface Home {
  readonly dataDir: string
  readonly clock: FakeClock
  readonly settings: Settings
  clockTrusted: boolean
  set(values: Values): Promise<void>
  /** A new start on the same folder. */
  boot(changes?: Partial<AcmeDeps>): AcmeSource
  /** Names of the files in tls/acme. */
  files(): string[]
  read(name: string): string
  mode(name: string): number
  /** Lets time pass, from one timer to the next, and waits for real work in between. */
  pass(ms: number): Promise<void>
  /** Lets time pass until it is so, `limitMs` at most. */
  passUntil(isSo: () => boolean, limitMs?: number): Promise<void>
  remove(): void
}

const PATIENCE_MS = 60_000
const DAY_MS = 86_400_000

/** At rest: something waits for time, and no call is under way (its limit is the one timer of that length). */
async function atRest(clock: FakeClock): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  while (clock.pending().length === 0 || clock.pending().includes(CALL_TIMEOUT_MS)) {
    if (performance.now() > until) throw new Error(`never came to rest: ${clock.pending().join(', ')}`)
    await pause(1)
  }
}

export function makeHome(startMs?: number): Home {
  const dataDir = mkdtempSync(join(tmpdir(), 'lares-acme-'))
  const clock = createFakeClock(startMs)
  const settings = createFakeSettings()
  const at = (name: string): string => join(dataDir, 'tls', 'acme', name)
  const home: Home = {
    ...{ dataDir, clock, settings, clockTrusted: true },
    async set(values) {
      for (const [key, value] of Object.entries(values))
        await settings.set(acmeSettings[key as keyof typeof acmeSettings] as never, value as never)
    },
    boot: (changes = {}) =>
      createAcmeSource({
        ...{ dataDir, clock, settings, log: silentLog(), lookups: NO_LOOKUPS },
        clockTrusted: () => home.clockTrusted,
        ...changes,
      }),
    files: () => readdirSync(join(dataDir, 'tls', 'acme')).sort(),
    read: (name) => readFileSync(at(name), 'utf8'),
    mode: (name) => statSync(at(name)).mode & 0o777,
    async pass(ms) {
      const untilMs = clock.monotonic() + ms
      for (;;) {
        await atRest(clock)
        const leftMs = untilMs - clock.monotonic()
        const nextMs = clock.pending()[0] ?? leftMs
        if (nextMs > leftMs) return clock.advance(leftMs)
        await clock.advance(nextMs)
      }
    },
    async passUntil(isSo, limitMs = DAY_MS) {
      const untilMs = clock.monotonic() + limitMs
      for (;;) {
        await atRest(clock)
        if (isSo()) return
        if (clock.monotonic() >= untilMs) throw new Error('it never became so')
        await clock.advance(clock.pending()[0] ?? 0)
      }
    },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  }
  return home
}
