import { sleep } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { readVerdict } from '../updates/index.ts'
import type { CommandInput } from './command.ts'

const OK = 200
const PAUSE_MS = 2_000
/** A small box with a slow card may take that long to its first answer. */
const ANSWER_MS = 8 * 60_000
/** The product judges for five minutes after its start; more than that and it does not judge any more. */
const VERDICT_MS = 8 * 60_000

/**
 * Waits until Lares answers and, when a new system is on trial, until it has judged itself. Exit code 0: this system may stay.
 * 1: it may not, and the reason was printed.
 */
export async function proveUpdate(input: CommandInput, ask: () => Promise<{ status: number }>): Promise<number> {
  const { config, clock, print } = input
  let problem = 'Lares does not answer.'
  const hasAnswered = await within(ANSWER_MS, async () => {
    try {
      const { status } = await ask()
      problem = `Lares answers with status ${status}.`
      return status === OK ? true : null
    } catch (error) {
      problem = messageOf(error)
      return null
    }
  })
  if (!hasAnswered) {
    print(problem)
    return 1
  }
  const verdict = await within(VERDICT_MS, async () => {
    const found = await readVerdict(config.dataDir)
    return found.is === 'waiting' ? null : found
  })
  print(wordsOf(verdict))
  return verdict === null || verdict.is === 'failed' ? 1 : 0

  async function within<T>(limitMs: number, look: () => Promise<T | null>): Promise<T | null> {
    const until = clock.monotonic() + limitMs
    for (;;) {
      const found = await look()
      if (found !== null || clock.monotonic() >= until) return found
      await sleep(clock, PAUSE_MS)
    }
  }
}

function wordsOf(verdict: Awaited<ReturnType<typeof readVerdict>> | null): string {
  if (verdict === null) return 'Lares answers, but does not say whether the update works.'
  if (verdict.is === 'failed') return `The update does not work: ${verdict.reason}`
  return verdict.is === 'none' ? 'Lares answers. No update is on trial.' : 'Lares answers, and the update works.'
}
