import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { writeFileDurably } from '../core/disk.ts'
import { messageOf, systemCodeOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'

/** This program is younger than that: a clock that shows less is not set. */
const EARLIEST_MS = Date.UTC(2026, 0, 1)
const HOUR_MS = 60 * 60_000
const TOLERATED_MS = 10 * 60_000
const NOTICE = 'clock'

/** Boards without a battery start in 1970 or at the time of the last stop; certificates and codes need the true time. */
export interface BoxTime {
  load(): Promise<void>
  /** False while the clock shows a time that cannot be. */
  isTrusted(): boolean
  /** The time to write into certificates: never before what is known to be past. */
  certificateTimeMs(): number
  /** The root was made at this time: it is past. */
  learn(pastMs: number): void
  /** Once a minute: tells the owner about a wrong clock, and remembers a right one. */
  check(): Promise<void>
  /** At stop. */
  save(): Promise<void>
}

interface Deps {
  dataDir: string
  clock: Clock
  log: Log
  notices: NoticeBoard
}

/** Says once that the clock is wrong, and once that it is right again. */
function createClockNotice({ clock, log, notices }: Deps): (isTrusted: boolean) => void {
  let shown = false
  return (isTrusted) => {
    if (isTrusted !== shown) return
    shown = !isTrusted
    if (isTrusted) {
      log.info('The clock is set')
      return notices.clear(NOTICE)
    }
    log.warn({ boxTime: new Date(clock.now()).toISOString() }, 'The clock is not set')
    notices.raise({
      id: NOTICE,
      level: 'warning',
      title: 'The clock of this box is not set',
      detail:
        'It shows a time that has already passed. Sign-in codes and certificates need the right time. ' +
        'The box sets its clock by itself as soon as it reaches a time server; nothing else is affected.',
      link: null,
    })
  }
}

/** Milliseconds in `file`; 0 when it is not there or not a time. */
async function readTime(file: string, log: Log): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') log.warn({ err: messageOf(error) }, 'Cannot read the remembered time')
    return ''
  })
  // Thirteen digits and nothing else: a damaged file must not move the clock.
  return /^\d{13}$/.test(text.trim()) ? Number(text) : 0
}

export function createBoxTime(deps: Deps): BoxTime {
  const { dataDir, clock, log } = deps
  const tell = createClockNotice(deps)
  const file = join(dataDir, 'tls', 'last-seen-time')
  let floorMs = EARLIEST_MS
  let lastSeenMs = 0
  let savedMs = 0
  let wrongSince: number | null = null

  const isPossible = (): boolean => clock.now() >= floorMs
  const isTrusted = (): boolean => isPossible() && clock.now() >= lastSeenMs - TOLERATED_MS

  async function save(): Promise<void> {
    if (!isTrusted()) return
    lastSeenMs = clock.now()
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      await writeFileDurably(file, `${lastSeenMs}\n`)
      savedMs = lastSeenMs
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'Cannot remember the time')
    }
  }

  /** A possible time that stays for an hour is believed: it was the remembered one that was wrong. */
  function believeAfterAnHour(): void {
    wrongSince ??= clock.monotonic()
    if (isPossible() && clock.monotonic() - wrongSince >= HOUR_MS) lastSeenMs = clock.now()
  }

  return {
    isTrusted,
    save,
    async load() {
      lastSeenMs = await readTime(file, log)
    },
    certificateTimeMs: () => (isPossible() ? clock.now() : Math.max(floorMs, lastSeenMs)),
    learn(pastMs) {
      floorMs = Math.max(floorMs, pastMs)
    },
    async check() {
      if (!isTrusted()) believeAfterAnHour()
      tell(isTrusted())
      if (!isTrusted()) return
      wrongSince = null
      if (clock.now() - savedMs >= HOUR_MS || clock.now() < savedMs) await save()
    },
  }
}
