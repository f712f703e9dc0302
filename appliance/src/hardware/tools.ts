import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { runToEnd } from '../core/subprocess.ts'
import type { Tools } from './types.ts'

const PATIENCE_MS = 5_000
const MAX_BYTES = 64 * 1024

/** Asks nothing: where only the kernel is to be read. */
export const noTools: Tools = { ask: () => Promise.resolve(null) }

/** The makers' programs of this machine. One that was missing is not looked for again until Lares starts anew. */
export function createTools(deps: { clock: Clock; log: Log }): Tools {
  const missing = new Set<string>()
  return {
    async ask(command, args) {
      if (missing.has(command)) return null
      try {
        const asked = { name: command, command, args, ...deps, timeoutMs: PATIENCE_MS, maxBytes: MAX_BYTES }
        const { code, stdout } = await runToEnd(asked)
        return code === 0 ? stdout.toString('utf8') : null
      } catch {
        missing.add(command)
        return null
      }
    },
  }
}
