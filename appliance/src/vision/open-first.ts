import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { ModelChoice } from './backends/backend.ts'
import type { DetectorThread } from './detector-thread.ts'
import type { Opened } from './worker-protocol.ts'

export interface FirstOpened {
  name: string
  file: string
  opened: Opened
  /** Why an earlier choice could not be used, or null. */
  problem: string | null
}

/**
 * Opens the first choice that can be opened. Throws `unavailable` with the first reason when none can; once `signal` is
 * aborted without a word, because then no model is at fault.
 */
export async function openFirst(
  thread: DetectorThread,
  choices: readonly ModelChoice[],
  ruledOut: Readonly<Record<string, string>>,
  { log, signal }: { log: Log; signal: AbortSignal },
): Promise<FirstOpened> {
  let problem: string | null = null
  for (const { name, file } of choices) {
    try {
      const opened = await thread.open(file, 1, ruledOut)
      return { name, file, opened, problem: problem && `${problem} ${name} is used instead.` }
    } catch (error) {
      if (signal.aborted) throw error
      problem ??= `${name}: ${messageOf(error)}`
      log.warn({ model: name, err: messageOf(error) }, 'Model not usable')
      // Only the file was at fault: the next one may do.
      if (!(error instanceof LaresError && error.kind === 'invalid')) break
    }
  }
  throw new LaresError('unavailable', problem ?? 'No detection model is installed.')
}
