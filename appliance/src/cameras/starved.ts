import { readdirSync, readFileSync } from 'node:fs'

/**
 * Whether a process has work to do and waits for the processor, or has it just now: then it is slow, not hung. False where
 * that cannot be known. Read at once, for it is asked in the moment of doubt only.
 */
export function isWorking(pid: number, proc = '/proc'): boolean {
  try {
    return readdirSync(`${proc}/${pid}/task`).some((thread) => {
      const stat = readFileSync(`${proc}/${pid}/task/${thread}/stat`, 'latin1')
      // The name before it may hold anything, brackets too.
      return stat.slice(stat.lastIndexOf(')') + 2).startsWith('R')
    })
  } catch {
    return false
  }
}
