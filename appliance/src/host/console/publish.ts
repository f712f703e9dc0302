import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { Part } from '../../core/part.ts'
import { supervise } from '../../core/supervise.ts'
import { writeFileSafely } from '../wifi/index.ts'
import { WORDS_FILE, type ProductWords } from './product-words.ts'

export interface ConsolePublisherDeps {
  clock: Clock
  log: Log
  /** systemd says by RUNTIME_DIRECTORY where; nothing is written where nobody asked for it. */
  env: Readonly<Record<string, string | undefined>>
  words(): ProductWords
}

const PAUSE_MS = 3_000

/** Keeps the file for the screen at the box: written when an address, the code or a name changed, gone at the end. */
export function createConsolePublisher({ clock, log, env, words }: ConsolePublisherDeps): Part {
  const file = env.RUNTIME_DIRECTORY ? join(env.RUNTIME_DIRECTORY, WORDS_FILE) : null
  let written = ''
  const loop = supervise({
    ...{ name: 'console', clock, log, pauseMs: PAUSE_MS },
    async runOnce() {
      const text = JSON.stringify(words())
      if (file === null || text === written) return
      await writeFileSafely(file, text)
      written = text
    },
  })
  return {
    name: 'console',
    start: async () => (file === null ? undefined : loop.start()),
    async stop() {
      await loop.stop()
      if (file !== null) await rm(file, { force: true })
    },
  }
}
