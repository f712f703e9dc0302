import { z } from 'zod'
import { aboutCommands } from './about.ts'

export { HOST_FEATURES, type HostFacts, type HostFeature } from './about.ts'

/** Every command of the host agent. */
export const HOST_COMMANDS = { ...aboutCommands }

export type HostCommandName = keyof typeof HOST_COMMANDS
export type HostParams<Name extends HostCommandName> = z.input<(typeof HOST_COMMANDS)[Name]['params']>
export type HostResult<Name extends HostCommandName> = z.output<(typeof HOST_COMMANDS)[Name]['result']>

export const HOST_SOCKET = '/run/lares-host.sock'
/** Longer lines are refused: nothing that either side says comes near. */
export const MAX_LINE_BYTES = 65_536

export const HostRequest = z.strictObject({ command: z.string(), params: z.unknown() })

/** Between 0 and 1, with a word on what is being done. */
export const HostProgress = z.strictObject({ part: z.number().min(0).max(1), words: z.string() })
export type HostProgress = z.infer<typeof HostProgress>

export const HostReply = z.union([
  z.strictObject({ progress: HostProgress }),
  z.strictObject({ result: z.unknown() }),
  z.strictObject({ error: z.strictObject({ kind: z.string(), code: z.string(), message: z.string() }) }),
])
export type HostReply = z.infer<typeof HostReply>
